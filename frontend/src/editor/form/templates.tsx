import type {
  ArrayFieldItemTemplateProps,
  ArrayFieldTemplateProps,
  FieldTemplateProps,
  MultiSchemaFieldTemplateProps,
  ObjectFieldTemplateProps,
  TemplatesType,
  WidgetProps,
} from "@rjsf/utils";
import { ArrowDown, ArrowUp, Plus, Trash2 } from "lucide-react";

import { Button } from "../../parts/button.tsx";
import styles from "./form.module.css";
import { type Judged, messagesAt } from "./issues.ts";

/** A field with its name before it, and its help and faults behind. */
function FieldTemplate(props: FieldTemplateProps) {
  const { id, label, rawDescription, schema, required, children, fieldPathId, registry, hidden } = props;
  if (hidden) return null;
  const isLeaf = !["object", "array"].includes(String(schema.type)) && !schema.oneOf && !schema.anyOf;
  const messages = messagesAt(registry.formContext as Judged, fieldPathId.path);
  const isRow = schema.type === "boolean";
  const isItem = typeof fieldPathId.path.at(-1) === "number";
  if (fieldPathId.path.length === 0) return children;
  return (
    <div className={isRow ? styles.row : styles.field}>
      {isLeaf && (
        <label id={`${id}__label`} htmlFor={id} className={isItem ? "unseen" : styles.label}>
          {label}
          {required && !isItem && <span className={styles.soft}> (required)</span>}
        </label>
      )}
      {children}
      <div id={`${id}__about`} className={styles.about}>
        {isLeaf && rawDescription && rawDescription !== label && <p className={styles.soft}>{rawDescription}</p>}
        {messages.map((message) => (
          <p key={message} className={styles.wrong}>
            {message}
          </p>
        ))}
      </div>
    </div>
  );
}

/** The members of an object; those of an inner one stand in a frame with its name. */
function ObjectFieldTemplate({ title, description, properties, fieldPathId }: ObjectFieldTemplateProps) {
  const fields = properties.map((property) => <div key={property.name}>{property.content}</div>);
  const { path } = fieldPathId;
  if (path.length === 0) return <div className={styles.fields}>{fields}</div>;
  // An item of a list has its number for a name already.
  if (typeof path.at(-1) === "number") return <div className={styles.inner}>{fields}</div>;
  return (
    <fieldset className={styles.frame}>
      <legend className={styles.label}>{title}</legend>
      {description && <p className={styles.soft}>{description}</p>}
      {fields}
    </fieldset>
  );
}

/** A list, and a button to make it longer. */
function ArrayFieldTemplate({ title, schema, items, canAdd, onAddClick }: ArrayFieldTemplateProps) {
  return (
    <fieldset className={styles.list}>
      <legend className={styles.label}>{title}</legend>
      {schema.description && <p className={styles.soft}>{schema.description}</p>}
      {items.length === 0 && <p className={styles.soft}>Nothing yet.</p>}
      {items}
      {canAdd && (
        <Button icon={Plus} onClick={onAddClick}>
          Add item
        </Button>
      )}
    </fieldset>
  );
}

/** One thing in a list, and what can be done with it. */
function ArrayFieldItemTemplate({ children, buttonsProps: to, index, schema }: ArrayFieldItemTemplateProps) {
  const name = `item ${index + 1}`;
  const isSmall = schema.type === "string" || schema.type === "number";
  return (
    <div className={isSmall ? styles.smallItem : styles.item} role="group" aria-label={`Item ${index + 1}`}>
      <div className={styles.itemBody}>{children}</div>
      <div className={styles.itemTools}>
        <Button icon={ArrowUp} look="quiet" isIconOnly disabled={!to.hasMoveUp} onClick={to.onMoveUpItem}>
          {`Move ${name} up`}
        </Button>
        <Button icon={ArrowDown} look="quiet" isIconOnly disabled={!to.hasMoveDown} onClick={to.onMoveDownItem}>
          {`Move ${name} down`}
        </Button>
        <Button icon={Trash2} look="quiet" isIconOnly onClick={to.onRemoveItem}>
          {`Remove ${name}`}
        </Button>
      </div>
    </div>
  );
}

/** One of several forms that a value may have, and which. */
function MultiSchemaFieldTemplate({ selector, optionSchemaField }: MultiSchemaFieldTemplateProps) {
  return (
    <div className={styles.frame}>
      {selector}
      {optionSchemaField}
    </div>
  );
}

/** The choice between forms. */
function SelectWidget({ id, value, options, onChange }: WidgetProps) {
  return (
    <select
      id={id}
      aria-label="Form"
      className={styles.input}
      value={String(value)}
      onChange={(event) => onChange(Number(event.target.value))}
    >
      {options.enumOptions?.map((option) => (
        <option key={String(option.value)} value={String(option.value)}>
          {option.label}
        </option>
      ))}
    </select>
  );
}

/** How the form looks. */
export const TEMPLATES: Partial<Omit<TemplatesType, "ButtonTemplates">> = {
  FieldTemplate,
  ObjectFieldTemplate,
  ArrayFieldTemplate,
  ArrayFieldItemTemplate,
  MultiSchemaFieldTemplate,
};

/** What stands beside the fields. */
export const WIDGETS = { SelectWidget };
