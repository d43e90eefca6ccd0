/** A JSON Schema as a plain object. */
export type Schema = Readonly<Record<string, unknown>>;

/** What a form does not need, since defaults are shown as values and the server judges what is wrong. */
const LEFT_OUT = new Set(["default", "minItems", "uniqueItems", "$schema", "if", "then", "else", "dependentSchemas"]);
const COMBINED = ["oneOf", "anyOf", "allOf", "$ref", "enum", "const"];

/** The schema as the form draws it: whatever has no field of its own becomes a text with a format that has one.
 *
 * A value that is of another kind than the schema says, such as an expression in the place of a list, is drawn as
 * JSON. What was drawn so before stays so, while a person types in it: what was half a list may be a whole one now.
 */
export function shaped(schema: unknown, value: unknown, before?: unknown): Schema {
  return shapedForAll(schema, [value], before);
}

/** One schema for several values: the items of a list have one field. */
function shapedForAll(schema: unknown, values: readonly unknown[], before: unknown): Schema {
  if (!isSchema(schema)) return drawnAs("json", {});
  const plain = leaveOut(schema);
  const kind = kindOf(plain);
  if (kind === "combined") return plain;
  if (kind === "json" || !values.every((value) => fitsKind(kind, value)) || isJson(before))
    return drawnAs("json", plain);
  if (kind === "object") return shapedObject(plain, values, before);
  if (kind === "array") return shapedArray(plain, values, before);
  return { ...plain, type: kind };
}

function shapedObject(schema: Schema, values: readonly unknown[], before: unknown): Schema {
  if (!isSchema(schema["properties"])) return drawnAs(values.every(isTexts) ? "pairs" : "json", schema);
  const membersOf = (name: string) => values.map((value) => (isSchema(value) ? value[name] : undefined));
  const properties = Object.entries(schema["properties"]).map(([name, of]) => [
    name,
    shapedForAll(of, membersOf(name), partOf(partOf(before, "properties"), name)),
  ]);
  // What the schema does not name is kept, and not drawn.
  return { ...schema, properties: Object.fromEntries(properties), additionalProperties: undefined };
}

function shapedArray(schema: Schema, values: readonly unknown[], before: unknown): Schema {
  if (schema["format"] === "file-ids") return drawnAs("file-ids", schema);
  const { items } = schema;
  const held = values.flatMap((value) => (Array.isArray(value) ? (value as readonly unknown[]) : []));
  if (!isSchema(items)) return drawnAs("json", schema);
  const kind = kindOf(items);
  if (kind === "json" || !held.every((item) => fitsKind(kind, item))) return drawnAs("json", schema);
  return { ...schema, items: { ...shapedForAll(items, held, partOf(before, "items")), ...beginning(items, kind) } };
}

/** What a new item is: what the schema says, else an empty text where it is a text. */
function beginning(items: Schema, kind: string): Schema {
  if (items["default"] !== undefined) return { default: items["default"] };
  return kind === "string" && !("enum" in items) ? { default: "" } : {};
}

function partOf(schema: unknown, name: string): unknown {
  return isSchema(schema) ? schema[name] : undefined;
}

function isJson(schema: unknown): boolean {
  return partOf(schema, "format") === "json";
}

/** What field a schema needs: that of its type, if it has one that can be drawn. */
function kindOf(schema: Schema): string {
  if (COMBINED.some((name) => name in schema)) return "combined";
  const { type } = schema;
  if (typeof type === "string") return type === "integer" ? "number" : type;
  if (Array.isArray(type)) return type.includes("string") ? "string" : kindOfSeveral(type);
  return isSchema(schema["properties"]) ? "object" : "json";
}

function kindOfSeveral(types: readonly unknown[]): string {
  const known = types.filter((type) => type !== "null");
  return known.length === 1 ? kindOf({ type: known[0] }) : "json";
}

function fitsKind(kind: string, value: unknown): boolean {
  if (value === undefined || value === null) return true;
  if (kind === "array") return Array.isArray(value);
  if (kind === "object") return isSchema(value);
  if (kind === "boolean") return typeof value === "boolean";
  return kind === "json" || kind === "combined" || typeof value !== "object";
}

function drawnAs(format: string, { title, description }: Schema): Schema {
  return {
    type: "string",
    format,
    ...(title !== undefined && { title }),
    ...(description !== undefined && { description }),
  };
}

/** Whether all that an object holds is text. */
function isTexts(value: unknown): boolean {
  return value === undefined || value === null || Object.values(value).every((held) => typeof held === "string");
}

function leaveOut(schema: Schema): Schema {
  return Object.fromEntries(Object.entries(schema).filter(([name]) => !LEFT_OUT.has(name)));
}

function isSchema(value: unknown): value is Schema {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
