import Form, { type IChangeEvent } from "@rjsf/core";
import { useMemo, useState } from "react";
import type { NodeType } from "understudy-client";

import { Boundary } from "../../parts/boundary.tsx";
import { isEqual } from "../document.ts";
import { JsonControl } from "./controls.tsx";
import { FIELDS } from "./fields.tsx";
import styles from "./form.module.css";
import type { Judged } from "./issues.ts";
import { judge } from "./judge.ts";
import { type Schema, shaped } from "./shape.ts";
import { TEMPLATES, WIDGETS } from "./templates.tsx";

interface ConfigFormProps {
  readonly type: NodeType | undefined;
  readonly config: Schema;
  readonly judged: Judged;
  /** The place that was changed tells one field from another. */
  onChange(config: Schema, place: string): void;
}

/** The configuration of a node as a form; as JSON, if its type has none that can be drawn. */
export function ConfigForm(props: ConfigFormProps) {
  const { type } = props;
  if (!type || !type.config_schema["properties"]) return <AsJson {...props} />;
  return (
    <Boundary instead={<AsJson {...props} />}>
      <Drawn {...props} type={type} />
    </Boundary>
  );
}

function Drawn({ type, config, judged, onChange }: ConfigFormProps & { readonly type: NodeType }) {
  const shown = useMemo(() => ({ ...type.defaults, ...config }), [type, config]);
  const { drawn, ...watching } = useDrawn(type, shown);
  function change({ formData }: IChangeEvent<Schema>, id: string | undefined) {
    // Without the id of a field, it is the form that has filled in something, and not a person.
    if (id !== undefined) onChange(changed(config, shown, formData ?? {}), id);
  }
  return (
    <div {...watching}>
      <Form<Schema>
        tagName="div"
        idPrefix="config"
        schema={drawn}
        formData={shown}
        formContext={judged}
        validator={judge}
        fields={FIELDS}
        templates={TEMPLATES}
        widgets={WIDGETS}
        noValidate
        noHtml5Validate
        showErrorList={false}
        experimental_defaultFormStateBehavior={STAYS}
        onChange={change}
      >
        <></>
      </Form>
    </div>
  );
}

/** The schema as it is drawn; a field in which a person types does not become another one. */
function useDrawn(type: NodeType, shown: Schema) {
  const [entered, setEntered] = useState<Schema>();
  const drawn = useMemo(() => shaped(type.config_schema, shown, entered), [type, shown, entered]);
  return { drawn, onFocus: () => setEntered(drawn), onBlur: () => setEntered(undefined) };
}

/** What a person did not write is not filled in. */
const STAYS = { emptyObjectFields: "skipDefaults", arrayMinItems: { populate: "never" } } as const;

/** The configuration with what is another value than was shown; defaults that nobody touched are left out. */
function changed(config: Schema, shown: Schema, next: Schema): Schema {
  const names = [...new Set([...Object.keys(config), ...Object.keys(next)])];
  const values = names.map((name) => [name, isEqual(shown[name], next[name]) ? config[name] : next[name]] as const);
  return Object.fromEntries(values.filter(([, value]) => value !== undefined));
}

function AsJson({ config, judged, onChange }: ConfigFormProps) {
  return (
    <div className={styles.field}>
      <label htmlFor="config" className={styles.label}>
        Configuration (JSON)
      </label>
      <JsonControl
        id="config"
        schema={{}}
        value={config}
        isWrong={judged.messages.size > 0}
        onChange={(value) => isObject(value) && onChange(value, "config")}
      />
      <div id="config__about" className={styles.about}>
        <p className={styles.soft}>An object; it is kept as soon as it is whole.</p>
        {[...judged.messages.values()].flat().map((message) => (
          <p key={message} className={styles.wrong}>
            {message}
          </p>
        ))}
      </div>
    </div>
  );
}

function isObject(value: unknown): value is Schema {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
