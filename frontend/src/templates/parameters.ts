/** What may be filled in when a template is applied. */
export interface Parameter {
  readonly name: string;
  readonly label: string;
  readonly description: string;
  readonly type: "string" | "number" | "integer" | "boolean" | "enum";
  readonly options: readonly unknown[];
  readonly default: unknown;
}

/** What stands in the fields of a form, by the name of the parameter: texts, and whether a box is checked. */
export type Entries = Readonly<Record<string, string | boolean>>;

const TYPES: readonly unknown[] = ["string", "number", "integer", "boolean", "enum"] satisfies Parameter["type"][];

/** The parameters of a template, as a form shows them. */
export function parametersOf(declared: readonly Readonly<Record<string, unknown>>[]): readonly Parameter[] {
  return declared.map((parameter) => {
    const name = String(parameter["name"]);
    return {
      name,
      label: textOf(parameter["label"]) || name,
      description: textOf(parameter["description"]),
      type: TYPES.includes(parameter["type"]) ? (parameter["type"] as Parameter["type"]) : "string",
      options: Array.isArray(parameter["enum"]) ? (parameter["enum"] as unknown[]) : [],
      default: parameter["default"],
    };
  });
}

/** What a form holds before anybody fills it in: the defaults. */
export function entriesOf(parameters: readonly Parameter[]): Entries {
  return Object.fromEntries(parameters.map((parameter) => [parameter.name, entryOf(parameter)]));
}

/** The values to apply a template with: those that were changed. An empty field leaves the default. */
export function valuesOf(parameters: readonly Parameter[], entries: Entries): Record<string, unknown> {
  const changed = parameters.filter((parameter) => isChanged(parameter, entries[parameter.name]));
  return Object.fromEntries(changed.map((parameter) => [parameter.name, valueOf(parameter, entries[parameter.name])]));
}

/** An option of an enumeration as a form names it. */
export function keyOf(option: unknown): string {
  return JSON.stringify(option) ?? "";
}

function entryOf({ type, default: usual }: Parameter): string | boolean {
  if (type === "boolean") return usual === true;
  if (type === "enum") return usual === undefined || usual === null ? "" : keyOf(usual);
  return textOf(usual);
}

function isChanged(parameter: Parameter, entry: string | boolean | undefined): boolean {
  const isEmpty = entry === undefined || (entry === "" && parameter.type !== "string");
  return !isEmpty && entry !== entryOf(parameter);
}

function valueOf({ type }: Parameter, entry: string | boolean | undefined): unknown {
  if (type === "enum") return JSON.parse(String(entry)) as unknown;
  return type === "number" || type === "integer" ? Number(entry) : entry;
}

function textOf(value: unknown): string {
  if (value === undefined || value === null) return "";
  return typeof value === "object" ? JSON.stringify(value) : String(value);
}
