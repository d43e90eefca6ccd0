import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import type { WorkflowStatus } from "understudy-client";
import { create } from "zustand";

import { api } from "../api/client.ts";

/** What workflows can be sorted by, and how that is called. */
export const SORTS = [
  ["-updated_at", "Last changed"],
  ["-created_at", "Newest"],
  ["name", "Name"],
  ["-node_count", "Most nodes"],
] as const;

const STATUSES: readonly WorkflowStatus[] = [
  "idle",
  "pending",
  "running",
  "waiting",
  "paused",
  "completed",
  "failed",
  "stopped",
];

/** The statuses that workflows can be picked by, as choices. */
export const STATUS_CHOICES: readonly (readonly [WorkflowStatus | "", string])[] = [
  ["", "All statuses"],
  ...STATUSES.map((status) => [status, status] as const),
];

/** Which workflows are looked for, in which order. */
export interface Search {
  readonly q: string;
  readonly status: WorkflowStatus | "";
  readonly tag: string;
  readonly sort: (typeof SORTS)[number][0];
  readonly page: number;
}

const PER_PAGE = 20;
/** The server takes no longer text. */
export const MOST_LOOKED_FOR = 200;
const AFTER_TYPING = 150;
const ALL: Search = { q: "", status: "", tag: "", sort: "-updated_at", page: 1 };

/** What is looked for; it stays while a person is in other rooms. */
export const useSearch = create<Search>()(() => ALL);

/** Look for something else, from the first page on. */
export function search(change: Partial<Search>): void {
  useSearch.setState({ page: 1, ...change });
}

/** Look for all again. */
export function searchAll(): void {
  useSearch.setState({ ...ALL, sort: useSearch.getState().sort });
}

/** Whether not all workflows are looked for. */
export function isNarrow({ q, status, tag }: Search): boolean {
  return q !== "" || status !== "" || tag !== "";
}

/** The workflows that are looked for. */
export function useWorkflows() {
  const { status, tag, sort, page, ...typed } = useSearch();
  const q = useSettled(typed.q);
  const given = { sort, page, per_page: PER_PAGE, ...(q && { q }), ...(status && { status }), ...(tag && { tag }) };
  return useQuery({
    queryKey: ["workflows", given],
    queryFn: ({ signal }) => api.listWorkflows({ ...given, signal }),
    placeholderData: keepPreviousData,
  });
}

/** A text that nobody has changed for a moment; an empty one at once. */
function useSettled(text: string): string {
  const [settled, setSettled] = useState(text);
  useEffect(() => {
    const waiting = setTimeout(() => setSettled(text), AFTER_TYPING);
    return () => clearTimeout(waiting);
  }, [text]);
  return text === "" ? "" : settled;
}
