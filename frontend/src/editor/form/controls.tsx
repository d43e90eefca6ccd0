import { Plus, Trash2 } from "lucide-react";
import { useId, useState } from "react";

import { Button } from "../../parts/button.tsx";
import { isEqual } from "../document.ts";
import styles from "./form.module.css";
import type { Schema } from "./shape.ts";
import { AS_JSON, AS_NUMBER, AS_TEXT, type Language, useText } from "./text.ts";

/** What every control needs: who it is, what it holds, and whom to tell. */
export interface ControlProps {
  readonly id: string;
  readonly value: unknown;
  readonly schema: Schema;
  readonly isWrong: boolean;
  onChange(value: unknown): void;
}

/** What a control says to those who do not see it. */
function told({ id, isWrong }: ControlProps) {
  return { id, "aria-invalid": isWrong || undefined, "aria-describedby": `${id}__about` };
}

/** The name and the help of a control that is made of several. */
export function grouped(id: string) {
  return { "aria-labelledby": `${id}__label`, "aria-describedby": `${id}__about` };
}

/** The inputs of browsers that fit a format. */
const INPUTS: Readonly<Record<string, string>> = {
  password: "password",
  color: "color",
  date: "date",
  time: "time",
};

/** A text in one line. */
export function TextControl(props: ControlProps) {
  const text = useText(props.value, AS_TEXT, props.onChange);
  const format = String(props.schema["format"] ?? "");
  const type = INPUTS[format] ?? "text";
  const isCode = CODE.has(format);
  return (
    <input
      {...told(props)}
      {...text}
      type={type}
      className={isCode ? styles.code : styles.input}
      autoComplete={type === "password" ? "new-password" : "off"}
      spellCheck={!isCode}
    />
  );
}

const CODE = new Set(["cron", "uri", "uri-template", "uri-reference", "email", "regex", "date-time", "uuid"]);

/** A number, or an expression that gives one. */
export function NumberControl(props: ControlProps) {
  const text = useText(props.value, AS_NUMBER, props.onChange);
  return <input {...told(props)} {...text} inputMode="decimal" className={styles.input} autoComplete="off" />;
}

/** A text with lines. */
export function LinesControl(props: ControlProps) {
  return <Lines {...props} language={AS_TEXT} look="text" />;
}

/** An expression, in the letters of code. */
export function ExpressionControl(props: ControlProps) {
  return <Lines {...props} language={AS_TEXT} look="code" />;
}

/** Any value as JSON. */
export function JsonControl(props: ControlProps) {
  return <Lines {...props} language={AS_JSON} look="code" />;
}

function Lines(props: ControlProps & { readonly language: Language; readonly look: "text" | "code" }) {
  const text = useText(props.value, props.language, props.onChange);
  const isCode = props.look === "code";
  return (
    <textarea
      {...told(props)}
      {...text}
      className={`${isCode ? styles.code : styles.input} ${styles.lines}`}
      rows={isCode ? 1 : 2}
      spellCheck={!isCode}
    />
  );
}

/** Yes or no. */
export function SwitchControl(props: ControlProps) {
  return (
    <input
      {...told(props)}
      type="checkbox"
      role="switch"
      className={styles.switch}
      checked={props.value === true}
      onChange={(event) => props.onChange(event.target.checked)}
    />
  );
}

/** One of a few values; one that is none of them is shown, too. */
export function ChoiceControl(props: ControlProps) {
  const { value, schema, onChange } = props;
  const known = (schema["enum"] ?? []) as readonly unknown[];
  const isKnown = known.some((one) => isEqual(one, value));
  const choices = isKnown ? known : [value, ...known];
  return (
    <select
      {...told(props)}
      className={styles.input}
      value={isKnown ? known.findIndex((one) => isEqual(one, value)) : -1}
      onChange={(event) => onChange(known[Number(event.target.value)])}
    >
      {choices.map((one) => (
        <option key={known.indexOf(one)} value={known.findIndex((other) => isEqual(other, one))}>
          {AS_TEXT.write(one)}
        </option>
      ))}
    </select>
  );
}

/** Names and their texts, such as headers. */
export function PairsControl(props: ControlProps) {
  const [rows, setRows] = useState(() => rowsOf(props.value));
  const shown = isEqual(objectOf(rows), props.value ?? {}) ? rows : rowsOf(props.value);
  function put(next: readonly Row[]) {
    setRows(next);
    props.onChange(objectOf(next));
  }
  const change = (at: number, row: Row) => put(shown.map((other, index) => (index === at ? row : other)));
  return (
    <div id={props.id} className={styles.pairs} role="group" {...grouped(props.id)}>
      {shown.map(([name, text], at) => (
        <div className={styles.pair} key={at}>
          <Part label={`Name ${at + 1}`} value={name} onChange={(to) => change(at, [to, text])} />
          <Part label={`Value ${at + 1}`} value={text} onChange={(to) => change(at, [name, to])} />
          <Button icon={Trash2} look="quiet" isIconOnly onClick={() => put(shown.filter((_, index) => index !== at))}>
            {`Remove row ${at + 1}`}
          </Button>
        </div>
      ))}
      <Button icon={Plus} onClick={() => setRows([...shown, ["", ""]])}>
        Add row
      </Button>
    </div>
  );
}

type Row = readonly [name: string, text: string];

interface PartProps {
  readonly label: string;
  readonly value: string;
  onChange(value: string): void;
}

function Part({ label, value, onChange }: PartProps) {
  const id = useId();
  return (
    <input
      id={id}
      className={styles.code}
      aria-label={label}
      placeholder={label.replace(/ \d+$/, "")}
      value={value}
      onChange={(event) => onChange(event.target.value)}
    />
  );
}

function rowsOf(value: unknown): readonly Row[] {
  return Object.entries((value ?? {}) as Readonly<Record<string, string>>);
}

/** Rows without a name are not kept until they have one. */
function objectOf(rows: readonly Row[]): Readonly<Record<string, string>> {
  return Object.fromEntries(rows.filter(([name]) => name !== ""));
}
