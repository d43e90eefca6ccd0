import { Choice, Filters, SearchBox } from "../parts/filters.tsx";
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
export function FileFilters({ search, onChange }: FiltersProps) {
  const change = (changes: Partial<Search>) => onChange({ ...search, ...changes, page: 1 });
  return (
    <Filters label="Files">
      <SearchBox label="Search files" placeholder="Search by name" value={search.q} onChange={(q) => change({ q })} />
      <Choice label="Kind" value={search.kind} options={KINDS} onChange={(kind) => change({ kind })} />
      <Choice label="Sort by" value={search.sort} options={SORTS} onChange={(sort) => change({ sort })} />
    </Filters>
  );
}
