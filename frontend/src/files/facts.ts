import type { File } from "understudy-client";

import { bytesOf, dayAndTimeOf, durationOf } from "../parts/amounts.ts";

/** One thing that is known of a file. */
export interface Fact {
  readonly label: string;
  readonly value: string;
}

/** Names that a person would write otherwise. */
const LABELS: Readonly<Record<string, string>> = { duration_ms: "Duration", dpi: "DPI", exif: "EXIF", gps: "GPS" };
const LONGEST = 500;

/** What is known of a file, in the order in which a person asks for it. */
export function factsOf(file: File): readonly Fact[] {
  return [
    { label: "Type", value: file.content_type },
    { label: "Size", value: `${bytesOf(file.size)} (${file.size.toLocaleString("en")} bytes)` },
    ...dimensionsOf(file),
    { label: "Created", value: dayAndTimeOf(file.created_at) },
    { label: "Id", value: file.id },
    { label: "SHA-256", value: file.sha256 },
  ];
}

/** What else was found in a file, with what lies within it side by side. */
export function findingsOf(metadata: Readonly<Record<string, unknown>>): readonly Fact[] {
  return Object.entries(metadata).flatMap(([name, value]) => findingOf(name, value));
}

function dimensionsOf({ width, height }: File): readonly Fact[] {
  return width === null || height === null ? [] : [{ label: "Dimensions", value: `${width} × ${height} pixels` }];
}

function findingOf(name: string, value: unknown, within = ""): readonly Fact[] {
  const label = within + labelOf(name);
  if (value === null || value === undefined || value === "") return [];
  if (name === "duration_ms" && typeof value === "number") return [{ label, value: durationOf(value) }];
  if (Array.isArray(value)) return value.length ? [{ label, value: cut(value.map(textOf).join(", ")) }] : [];
  if (typeof value === "object")
    return Object.entries(value).flatMap(([inner, found]) => findingOf(inner, found, `${label}: `));
  return [{ label, value: textOf(value) }];
}

function textOf(value: unknown): string {
  if (typeof value === "boolean") return value ? "yes" : "no";
  if (typeof value === "number") return value.toLocaleString("en", { maximumFractionDigits: 7 });
  return cut(typeof value === "string" ? value : JSON.stringify(value));
}

function labelOf(name: string): string {
  const words = name.replaceAll("_", " ").replace(/(?<=[a-z])(?=[A-Z])/g, " ");
  return LABELS[name] ?? words.charAt(0).toUpperCase() + words.slice(1);
}

function cut(text: string): string {
  return text.length > LONGEST ? `${text.slice(0, LONGEST)} …` : text;
}
