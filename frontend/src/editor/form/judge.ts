import type { ValidatorType } from "@rjsf/utils";

import { isEqual } from "../document.ts";
import type { Schema } from "./shape.ts";

/** Finds nothing wrong, since the server judges; and tells which of several forms a value has. */
export const judge: ValidatorType = {
  validateFormData: () => ({ errors: [], errorSchema: {} }),
  isValid: (schema, value: unknown) => fits(schema as Schema, value),
  rawValidation: () => ({}),
};

/** Whether a value looks as a schema says: enough to choose between some. */
export function fits(schema: unknown, value: unknown): boolean {
  if (typeof schema !== "object" || schema === null) return schema !== false;
  const of = schema as Schema;
  if ("const" in of && !isEqual(of["const"], value)) return false;
  if (Array.isArray(of["enum"]) && !of["enum"].some((one) => isEqual(one, value))) return false;
  return fitsType(of["type"], value) && fitsMembers(of, value) && fitsOthers(of, value);
}

function fitsType(type: unknown, value: unknown): boolean {
  if (type === undefined) return true;
  return [type].flat().some((name) => name === typeOf(value) || (name === "integer" && Number.isInteger(value)));
}

function typeOf(value: unknown): string {
  if (value === null) return "null";
  return Array.isArray(value) ? "array" : typeof value;
}

function fitsMembers(schema: Schema, value: unknown): boolean {
  if (typeOf(value) !== "object") return true;
  const held = value as Schema;
  const required = Array.isArray(schema["required"]) ? (schema["required"] as string[]) : [];
  const properties = Object.entries((schema["properties"] ?? {}) as Schema);
  return (
    required.every((name) => held[name] !== undefined) &&
    properties.every(([name, of]) => held[name] === undefined || fits(of, held[name]))
  );
}

function fitsOthers(schema: Schema, value: unknown): boolean {
  const list = (name: string) => (Array.isArray(schema[name]) ? (schema[name] as unknown[]) : undefined);
  const all = list("allOf") ?? [];
  const any = list("anyOf") ?? list("oneOf");
  return all.every((of) => fits(of, value)) && (any?.some((of) => fits(of, value)) ?? true);
}
