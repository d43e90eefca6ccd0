import { keepPreviousData, useQuery } from "@tanstack/react-query";
import type { Template, TemplateSummary } from "understudy-client";

import { useAuth } from "../account/auth.ts";
import { api } from "../api/client.ts";
import { queries } from "../api/queries.ts";
import { useSession } from "../api/session.ts";

/** Which templates are shown. */
export interface Search {
  readonly q: string;
  readonly category: string;
  readonly page: number;
}

/** All templates. */
export const ALL: Search = { q: "", category: "", page: 1 };

/** A template with the entity tag by which it is changed. */
export interface Read {
  readonly template: Template;
  readonly etag: string;
}

const PER_PAGE = 12;
const MANY = 100;
/** Who everybody is that has not logged in. */
const NOBODY = "us_demo";

/** A page of the templates that are searched for; the one before stays until it is there. */
export function useTemplates({ q, category, page }: Search) {
  const wanted = { page, per_page: PER_PAGE, ...(q.trim() && { q: q.trim() }), ...(category && { category }) };
  return useQuery({
    queryKey: ["templates", wanted],
    queryFn: ({ signal }) => api.listTemplates({ ...wanted, sort: "-updated_at", signal }),
    placeholderData: keepPreviousData,
  });
}

/** The categories that there are, in the order of the alphabet. */
export function useCategories(): readonly string[] {
  const { data } = useQuery({ queryKey: ["templates", "categories"], queryFn: ({ signal }) => readCategories(signal) });
  return data ?? [];
}

/** A template with its graph. */
export function useTemplate({ id, revision }: TemplateSummary) {
  return useQuery({
    queryKey: ["template", id, revision],
    queryFn: ({ signal }) => readTemplate(id, signal),
    staleTime: Infinity,
  });
}

/** Whether a template is one's own, to change or to delete. */
export function useIsOwn({ owner_id }: TemplateSummary): boolean {
  const auth = useAuth();
  const user = useSession(({ session }) => session?.user);
  if (owner_id === null) return false;
  return auth === "off" || user?.role === "admin" || owner_id === (user?.id ?? NOBODY);
}

/** The templates are others now. */
export function refreshTemplates(): void {
  void queries.invalidateQueries({ queryKey: ["templates"] });
}

async function readCategories(signal: AbortSignal): Promise<readonly string[]> {
  const found = new Set<string>();
  for (let page = 1, pages = 1; page <= pages; page++) {
    const list = await api.listTemplates({ page, per_page: MANY, sort: "category", signal });
    list.items.forEach(({ category }) => found.add(category));
    ({ pages } = list);
  }
  return [...found];
}

async function readTemplate(template_id: string, signal: AbortSignal): Promise<Read> {
  const { data, response } = await api.getTemplate({ template_id, signal }).withResponse();
  return { template: data, etag: response.headers.get("ETag") ?? "" };
}
