import { Search as Glass } from "lucide-react";

import styles from "./files.module.css";
import type { Kind, Search, Sort } from "./search.ts";

const KINDS: readonly (readonly ["" | Kind, string])[] = [
  ["", "All kinds"],
  ["image", "Images"],
  ["pdf", "PDF"],
  ["text", "Text"],
  ["audio", "Audio"],
  ["video", "Video"],
  ["archive", "Archives"],
  ["other", "Other"],
];

const SORTS: readonly (readonly [Sort, string])[] = [
  ["-created_at", "Newest first"],
  ["created_at", "Oldest first"],
  ["name", "Name, A to Z"],
  ["-name", "Name, Z to A"],
  ["-size", "Largest first"],
  ["size", "Smallest first"],
  ["kind", "Kind"],
];

interface FiltersProps {
  readonly search: Search;
  onChange(search: Search): void;
}

/** What is searched for among the files, and in which order they come. */
export function Filters({ search, onChange }: FiltersProps) {
  const change = (changes: Partial<Search>) => onChange({ ...search, ...changes, page: 1 });
  return (
    <div className={styles.filters} role="search" aria-label="Files">
      <label className={styles.search}>
        <Glass size={16} aria-hidden />
        <input
          type="search"
          aria-label="Search files"
          placeholder="Search by name"
          value={search.q}
          onChange={(event) => change({ q: event.target.value })}
        />
      </label>
      <Choice label="Kind" value={search.kind} options={KINDS} onChange={(kind) => change({ kind })} />
      <Choice label="Sort by" value={search.sort} options={SORTS} onChange={(sort) => change({ sort })} />
    </div>
  );
}

interface ChoiceProps<Value extends string> {
  readonly label: string;
  readonly value: Value;
  readonly options: readonly (readonly [Value, string])[];
  onChange(value: Value): void;
}

function Choice<Value extends string>({ label, value, options, onChange }: ChoiceProps<Value>) {
  return (
    <select aria-label={label} value={value} onChange={(event) => onChange(event.target.value as Value)}>
      {options.map(([option, words]) => (
        <option key={option} value={option}>
          {words}
        </option>
      ))}
    </select>
  );
}
