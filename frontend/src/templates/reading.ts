import { keepPreviousData, useQuery } from "@tanstack/react-query";
import type { Template, TemplateSummary } from "understudy-client";

import { useAuth } from "../account/auth.ts";
import { api } from "../api/client.ts";
import { queries } from "../api/queries.ts";
import { useSession } from "../api/session.ts";
import { tagged } from "../api/tagged.ts";

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

/** A template with its graph; one that is read always may turn out to be gone. */
export function useTemplate({ id, revision }: TemplateSummary, refetchOnMount: "always" | boolean = true) {
  return useQuery({
    queryKey: ["template", id, revision],
    queryFn: ({ signal }) => readTemplate(id, signal),
    staleTime: Infinity,
    refetchOnMount,
  });
}

/** Whether a template is one's own, to change or to delete. */
export function useIsOwn({ owner_id }: Pick<TemplateSummary, "owner_id">): boolean {
  const auth = useAuth();
  const user = useSession(({ session }) => session?.user);
  if (owner_id === null) return false;
  return auth === "off" || user?.role === "admin" || owner_id === (user?.id ?? NOBODY);
}

/** Read the templates again, for they are others now. */
export async function refreshTemplates(): Promise<void> {
  await queries.invalidateQueries({ queryKey: ["templates"] });
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
  const { data, etag } = await tagged(api.getTemplate({ template_id, signal }));
  return { template: data, etag };
}
