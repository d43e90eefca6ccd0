import { keepPreviousData, useQuery } from "@tanstack/react-query";
import type { Arguments } from "understudy-client";

import { api } from "../api/client.ts";

type Query = Arguments<"listFiles">;

/** Which files are shown, and in which order. */
export interface Search {
  readonly q: string;
  readonly kind: "" | Kind;
  readonly sort: Sort;
  readonly page: number;
}

export type Kind = "image" | "pdf" | "audio" | "video" | "text" | "archive" | "other";
export type Sort = NonNullable<Query["sort"]>;

/** All files, the newest first. */
export const ALL: Search = { q: "", kind: "", sort: "-created_at", page: 1 };

const PER_PAGE = 24;

/** A page of the files that are searched for; the one before stays until it is there. */
export function useFiles(search: Search) {
  return useQuery({
    queryKey: ["files", search],
    queryFn: ({ signal }) => api.listFiles({ ...queryOf(search), signal }),
    placeholderData: keepPreviousData,
  });
}

/** A file as it is now, whatever the list that it was found in says. */
export function useFile(file_id: string) {
  return useQuery({
    queryKey: ["file", file_id],
    queryFn: ({ signal }) => api.getFile({ file_id, signal }),
    staleTime: 0,
  });
}

function queryOf({ q, kind, sort, page }: Search): Query {
  return { sort, page, per_page: PER_PAGE, ...(q.trim() && { q: q.trim() }), ...(kind && { kind }) };
}
