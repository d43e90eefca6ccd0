import { useId } from "react";

import { Below, Field } from "../parts/field.tsx";
import field from "../parts/field.module.css";
import { type Entries, keyOf, type Parameter } from "./parameters.ts";
import styles from "./templates.module.css";

interface ParameterFormProps {
  readonly parameters: readonly Parameter[];
  readonly entries: Entries;
  /** What is wrong, by the name of the parameter. */
  readonly troubles: Readonly<Record<string, string>>;
  onChange(entries: Entries): void;
}

/** The parameters of a template, to be filled in. */
export function ParameterForm({ parameters, entries, troubles, onChange }: ParameterFormProps) {
  return (
    <div className={styles.form}>
      {parameters.map((parameter) => (
        <Entry
          key={parameter.name}
          parameter={parameter}
          entry={entries[parameter.name] ?? ""}
          trouble={troubles[parameter.name]}
          onChange={(entry) => onChange({ ...entries, [parameter.name]: entry })}
        />
      ))}
    </div>
  );
}

interface EntryProps {
  readonly parameter: Parameter;
  readonly entry: string | boolean;
  readonly trouble: string | undefined;
  onChange(entry: string | boolean): void;
}

function Entry(props: EntryProps) {
  const { parameter, entry, trouble, onChange } = props;
  if (parameter.type === "boolean") return <Box {...props} />;
  if (parameter.type === "enum") return <Choice {...props} />;
  const isNumber = parameter.type !== "string";
  return (
    <Field
      label={parameter.label}
      hint={parameter.description}
      trouble={trouble}
      value={String(entry)}
      {...(isNumber && { type: "number", step: parameter.type === "integer" ? 1 : "any" })}
      onChange={onChange}
    />
  );
}

function Box({ parameter, entry, trouble, onChange }: EntryProps) {
  const id = useId();
  return (
    <div className={field.field}>
      <label className={styles.box}>
        <input
          type="checkbox"
          checked={entry === true}
          aria-describedby={id}
          onChange={(event) => onChange(event.target.checked)}
        />
        {parameter.label}
      </label>
      <Below id={id} hint={parameter.description} trouble={trouble} />
    </div>
  );
}

function Choice({ parameter, entry, trouble, onChange }: EntryProps) {
  const id = useId();
  return (
    <div className={field.field}>
      <label htmlFor={id}>{parameter.label}</label>
      <select
        id={id}
        value={String(entry)}
        aria-describedby={`${id}-hint`}
        onChange={(event) => onChange(event.target.value)}
      >
        {entry === "" && <option value="">Choose …</option>}
        {parameter.options.map((option) => (
          <option key={keyOf(option)} value={keyOf(option)}>
            {typeof option === "string" ? option : keyOf(option)}
          </option>
        ))}
      </select>
      <Below id={`${id}-hint`} hint={parameter.description} trouble={trouble} />
    </div>
  );
}
