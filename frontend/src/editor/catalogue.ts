import type { NodeType } from "understudy-client";

import { grouped } from "./lists.ts";

/** In the order in which a workflow is made; what is not named comes after. */
const ORDER = [
  "triggers",
  "input",
  "functions",
  "flow",
  "ai",
  "network",
  "integrations",
  "storage",
  "files",
  "output",
  "general",
];
const TITLES: Readonly<Record<string, string>> = { ai: "AI" };

/** The types that a search finds: each of its words is in the name, the type, the category or the description. */
export function found(types: readonly NodeType[], words: string): readonly NodeType[] {
  const wanted = words.toLowerCase().split(/\s+/).filter(Boolean);
  const textOf = (type: NodeType) =>
    [type.display_name, type.type, type.category, type.description].join(" ").toLowerCase();
  return types.filter((type) => wanted.every((word) => textOf(type).includes(word)));
}

/** Types under the titles of their categories. */
export function byCategory(types: readonly NodeType[]): readonly (readonly [string, readonly NodeType[]])[] {
  const placeOf = (category: string) => (ORDER.includes(category) ? ORDER.indexOf(category) : ORDER.length);
  return [...grouped(types, (type) => type.category)]
    .sort(([one], [other]) => placeOf(one) - placeOf(other) || one.localeCompare(other))
    .map(([category, entries]) => [titleOf(category), entries] as const);
}

function titleOf(category: string): string {
  return TITLES[category] ?? category.charAt(0).toUpperCase() + category.slice(1);
}
