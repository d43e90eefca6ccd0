/** Some JSON of which no more is known. */
export type Members = Readonly<Record<string, unknown>>;

/** Whether a value is a JSON object. */
export function isObject(value: unknown): value is Members {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Whether a value is a list with something in it, and only objects. */
export function isListOfObjects(value: unknown): value is readonly Members[] {
  return Array.isArray(value) && value.length > 0 && value.every(isObject);
}

/** A value as JSON for people; what is no JSON, such as `undefined`, as its name. */
export function toJson(value: unknown): string {
  return JSON.stringify(value, null, 2) ?? String(value);
}

/** A text that is no longer than it may be. */
export function shortened(text: string, longest: number): string {
  return text.length > longest ? `${text.slice(0, longest - 1)}…` : text;
}

/** A value on one line: texts as they are, all else as short JSON. */
export function inOneLine(value: unknown, longest = 120): string {
  if (value === undefined) return "";
  const text = typeof value === "string" ? value.slice(0, longest * 2) : JSON.stringify(cut(value, 20, longest).value);
  return shortened(text.replace(/\s+/g, " "), longest);
}

/** A value, and whether anything of it was left out. */
export interface Cut {
  readonly value: unknown;
  readonly isCut: boolean;
}

const DEEPEST = 100;
const MOST_MEMBERS = 20_000;

/** A value whose lists and objects have only their first members, and whose texts only their first characters. */
export function cut(value: unknown, most: number, longest: number): Cut {
  let isCut = false;
  let left = MOST_MEMBERS;
  function shorter(part: unknown, depth: number): unknown {
    if (typeof part === "string" && part.length > longest) {
      isCut = true;
      return shortened(part, longest);
    }
    if (typeof part !== "object" || part === null) return part;
    const members = Object.entries(part);
    const isTooMuch = depth >= DEEPEST || left < 0;
    if (members.length > most || (isTooMuch && members.length > 0)) isCut = true;
    left -= Math.min(members.length, most);
    const kept = isTooMuch
      ? []
      : members.slice(0, most).map(([name, held]) => [name, shorter(held, depth + 1)] as const);
    return Array.isArray(part) ? kept.map(([, held]) => held) : Object.fromEntries(kept);
  }
  return { value: shorter(value, 0), isCut };
}
