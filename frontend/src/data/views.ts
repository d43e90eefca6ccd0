import { create } from "zustand";

import { isListOfObjects, isObject, type Members } from "./json.ts";
import { plotOf } from "./plot.ts";
import { isOfFiles, referencesIn } from "./references.ts";
import { gridOf } from "./rows.ts";

/** A way in which a value is seen. */
export type View = "chart" | "files" | "table" | "text" | "tree";

const LONG = 80;

/** The ways in which a value can be seen, the one that fits best first. */
export function viewsOf(whole: unknown): readonly View[] {
  const value = innerOf(whole);
  if (typeof value !== "object" || value === null) return ["text"];
  const best = bestOf(value);
  const others: View[] = [];
  if (gridOf(value)) others.push("table");
  if (referencesIn(value).length > 0) others.push("files");
  if (textIn(value) !== undefined) others.push("text");
  return [...new Set<View>([best, ...others, "tree"])];
}

/** What a node that displays something was given to display; any other value is itself. */
export function innerOf(value: unknown): unknown {
  if (!isObject(value)) return value;
  const isDisplay = "value" in value && typeof value["kind"] === "string" && Object.keys(value).every(isOfDisplay);
  return isDisplay ? value["value"] : value;
}

/** The text that a value is about: itself, or its member `text`. */
export function textIn(value: unknown): string | undefined {
  const text = isObject(value) ? value["text"] : value;
  return typeof text === "string" ? text : undefined;
}

function bestOf(value: object): View {
  if (plotOf(value)) return "chart";
  if (isOfFiles(value)) return "files";
  const text = textIn(value) ?? "";
  if (text.length > LONG || text.includes("\n")) return "text";
  if (isListOfObjects(value)) return "table";
  return isObject(value) && isTableOfMembers(value) ? "table" : "tree";
}

/** Whether an object is a table to a person: its rows are a list of objects, or nothing in it is nested. */
function isTableOfMembers(value: Members): boolean {
  const isFlat = Object.values(value).every((held) => typeof held !== "object" || held === null);
  const hasRows = gridOf(value)?.from !== undefined;
  return Object.keys(value).length > 0 && (isFlat || hasRows);
}

function isOfDisplay(name: string): boolean {
  return name === "value" || name === "kind" || name === "title";
}

const useChoices = create<Readonly<Record<string, View>>>()(() => ({}));

/** The view that was chosen at a place, as long as the page lives; else the one that fits best. */
export function useView(place: string, views: readonly View[]): [View, (view: View) => void] {
  const chosen = useChoices((choices) => choices[place]);
  const isPossible = chosen !== undefined && views.includes(chosen);
  return [isPossible ? chosen : views[0]!, (view) => useChoices.setState({ [place]: view })];
}
