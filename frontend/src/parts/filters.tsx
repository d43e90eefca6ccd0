import { Search as Glass } from "lucide-react";
import type { ReactNode } from "react";

import styles from "./filters.module.css";

/** What narrows and sorts a list, side by side. */
export function Filters({ label, children }: { readonly label: string; readonly children: ReactNode }) {
  return (
    <div className={styles.filters} role="search" aria-label={label}>
      {children}
    </div>
  );
}

interface SearchBoxProps {
  readonly label: string;
  /** What is searched in. */
  readonly placeholder: string;
  readonly value: string;
  readonly maxLength?: number;
  onChange(value: string): void;
}

/** A field for words to look for. */
export function SearchBox({ label, onChange, ...input }: SearchBoxProps) {
  return (
    <label className={styles.search}>
      <Glass size={16} aria-hidden />
      <input type="search" aria-label={label} {...input} onChange={(event) => onChange(event.target.value)} />
    </label>
  );
}

interface ChoiceProps<Value extends string> {
  readonly label: string;
  readonly value: Value;
  readonly options: readonly (readonly [value: NoInfer<Value>, words: string])[];
  onChange(value: NoInfer<Value>): void;
}

/** One of a few things, with its name unseen. */
export function Choice<Value extends string>({ label, value, options, onChange }: ChoiceProps<Value>) {
  return (
    <select
      className={styles.choice}
      aria-label={label}
      value={value}
      onChange={(event) => onChange(event.target.value as Value)}
    >
      {options.map(([each, words]) => (
        <option key={each} value={each}>
          {words}
        </option>
      ))}
    </select>
  );
}
