import { type InputHTMLAttributes, useId } from "react";

import styles from "./field.module.css";

interface TextFieldProps extends Omit<InputHTMLAttributes<HTMLInputElement>, "onChange"> {
  readonly label: string;
  readonly value: string;
  /** What may be typed, to choose from. */
  readonly choices?: readonly string[];
  onChange(value: string): void;
}

/** A line of text, or a number, with its name above. */
export function TextField({ label, choices, onChange, ...input }: TextFieldProps) {
  const id = useId();
  const list = choices?.length ? `${id}-choices` : undefined;
  return (
    <div className={styles.field}>
      <label htmlFor={id}>{label}</label>
      <input id={id} autoComplete="off" list={list} onChange={(event) => onChange(event.target.value)} {...input} />
      {list && (
        <datalist id={list}>
          {choices!.map((choice) => (
            <option key={choice} value={choice} />
          ))}
        </datalist>
      )}
    </div>
  );
}

interface SelectFieldProps<Value extends string> {
  readonly label: string;
  readonly value: Value;
  readonly options: readonly (readonly [value: NoInfer<Value>, words: string])[];
  onChange(value: NoInfer<Value>): void;
}

/** One of a few things, with their name above. */
export function SelectField<Value extends string>({ label, value, options, onChange }: SelectFieldProps<Value>) {
  const id = useId();
  return (
    <div className={styles.field}>
      <label htmlFor={id}>{label}</label>
      <select id={id} value={value} onChange={(event) => onChange(event.target.value as Value)}>
        {options.map(([each, words]) => (
          <option key={each} value={each}>
            {words}
          </option>
        ))}
      </select>
    </div>
  );
}
