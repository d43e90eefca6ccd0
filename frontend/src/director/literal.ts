/** How a language writes what JSON can hold. */
interface Syntax {
  readonly words: Readonly<Record<"true" | "false" | "null", string>>;
  /** What stands within the braces of an object, before and behind. */
  readonly space: string;
  name(name: string): string;
}

const JSON_WORDS = { true: "true", false: "false", null: "null" };
const JSON_SYNTAX: Syntax = { words: JSON_WORDS, space: "", name: quoted };
const TYPESCRIPT: Syntax = { words: JSON_WORDS, space: " ", name: bare };
const PYTHON: Syntax = { words: { true: "True", false: "False", null: "None" }, space: "", name: quoted };

/** A value as JSON on one line. */
export function toJson(value: unknown): string {
  return write(value, JSON_SYNTAX);
}

/** A value as TypeScript. */
export function toTypeScript(value: unknown): string {
  return write(value, TYPESCRIPT);
}

/** A value as Python. */
export function toPython(value: unknown): string {
  return write(value, PYTHON);
}

/** A word of a shell; within its quotes nothing has a meaning but the quote itself. */
export function toShell(text: string): string {
  return /^[\w%+,./:-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`;
}

/** The members of an object that are there. */
export function membersOf(value: object): [string, unknown][] {
  return Object.entries(value).filter(([, held]) => held !== undefined);
}

function write(value: unknown, syntax: Syntax): string {
  if (value === null || typeof value === "boolean") return syntax.words[`${value}`];
  if (Array.isArray(value)) return `[${value.map((item) => write(item, syntax)).join(", ")}]`;
  return typeof value === "object" ? writeObject(value, syntax) : quoted(value);
}

function writeObject(value: object, syntax: Syntax): string {
  const members = membersOf(value).map(([name, held]) => `${syntax.name(name)}: ${write(held, syntax)}`);
  return members.length ? `{${syntax.space}${members.join(", ")}${syntax.space}}` : "{}";
}

/** A text or a number; TypeScript and Python read both as JSON writes them. */
function quoted(value: unknown): string {
  return JSON.stringify(value);
}

function bare(name: string): string {
  return /^[A-Za-z_$][\w$]*$/.test(name) ? name : quoted(name);
}
