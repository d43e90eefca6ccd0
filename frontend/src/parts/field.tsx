import { type InputHTMLAttributes, useId } from "react";

import styles from "./field.module.css";

interface FieldProps extends Omit<InputHTMLAttributes<HTMLInputElement>, "onChange"> {
  readonly label: string;
  /** What is to be known before it is filled in. */
  readonly hint?: string | undefined;
  /** What is wrong with what was filled in. */
  readonly trouble?: string | undefined;
  onChange(value: string): void;
}

/** A text to fill in, with its name above and what is to be known below. */
export function Field({ label, hint, trouble, onChange, ...input }: FieldProps) {
  const id = useId();
  return (
    <div className={styles.field}>
      <label htmlFor={id}>{label}</label>
      <input
        id={id}
        aria-describedby={hint || trouble ? `${id}-hint` : undefined}
        aria-invalid={trouble ? true : undefined}
        {...input}
        onChange={(event) => onChange(event.target.value)}
      />
      <Below id={`${id}-hint`} hint={hint} trouble={trouble} />
    </div>
  );
}

interface BelowProps {
  readonly id: string;
  readonly hint: string | undefined;
  readonly trouble: string | undefined;
}

/** What stands below a field: what is wrong with it, else what is to be known. */
export function Below({ id, hint, trouble }: BelowProps) {
  if (!hint && !trouble) return null;
  return (
    <p id={id} className={trouble ? styles.trouble : styles.hint}>
      {trouble || hint}
    </p>
  );
}
