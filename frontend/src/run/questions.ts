import type { WaitingFor } from "understudy-client";

/** One thing to fill in. */
export interface Field {
  readonly name: string;
  readonly label: string;
  readonly kind: "text" | "textarea" | "number" | "boolean" | "choice" | "date" | "email" | "json";
  readonly isRequired: boolean;
  readonly choices: readonly unknown[];
  readonly initial: string;
}

/** A button that gives an answer. */
export interface Choice {
  readonly id: string;
  readonly label: string;
}

/** How a question is asked: fields to fill in, and buttons that decide. */
export interface Question {
  readonly fields: readonly Field[];
  /** The member of the answer that the buttons decide; nothing if there is only one button. */
  readonly decides: string | undefined;
  readonly choices: readonly Choice[];
}

type Shape = Readonly<Record<string, unknown>>;

const FORMATS = new Set(["textarea", "date", "email"]);

/** How to ask what an execution waits for. */
export function questionOf({ schema, options }: WaitingFor): Question {
  const properties = Object.entries((schema["properties"] ?? {}) as Readonly<Record<string, Shape>>);
  const required = new Set((schema["required"] ?? []) as readonly string[]);
  const choices = options.map((option) => ({
    id: String(option["id"]),
    label: String(option["label"] ?? option["id"]),
  }));
  const decides = choices.length > 0 ? properties.find(([, shape]) => isAmong(shape, choices))?.[0] : undefined;
  const asked = properties.filter(([name]) => name !== decides);
  const fields = asked.map(([name, shape]) => fieldOf(name, shape, required.has(name)));
  return { fields, decides, choices };
}

/** The answer that the texts of the fields stand for. What is left empty is left out. */
export function answerOf(question: Question, texts: Readonly<Record<string, string>>, choice?: string): unknown {
  const filled = question.fields
    .map((field) => [field.name, valueOf(field, texts[field.name] ?? field.initial)] as const)
    .filter(([, value]) => value !== undefined);
  const decided = question.decides !== undefined && choice !== undefined ? { [question.decides]: choice } : {};
  return { ...Object.fromEntries(filled), ...decided };
}

function isAmong(shape: Shape, choices: readonly Choice[]): boolean {
  const values = shape["enum"];
  return Array.isArray(values) && choices.every(({ id }) => values.includes(id));
}

function fieldOf(name: string, shape: Shape, isRequired: boolean): Field {
  const choices = Array.isArray(shape["enum"]) ? (shape["enum"] as readonly unknown[]) : [];
  const label = typeof shape["title"] === "string" ? shape["title"] : name;
  const kind = kindOf(shape, choices.length > 0);
  return { name, label, kind, isRequired, choices, initial: initialOf(shape["default"], kind) };
}

function kindOf({ type, format }: Shape, isChoice: boolean): Field["kind"] {
  if (isChoice) return "choice";
  if (type === "number" || type === "integer") return "number";
  if (type === "boolean") return "boolean";
  if (type !== "string" && type !== undefined) return "json";
  return FORMATS.has(String(format)) ? (format as Field["kind"]) : "text";
}

function initialOf(value: unknown, kind: Field["kind"]): string {
  if (value === undefined) return "";
  return typeof value === "string" && kind !== "choice" && kind !== "json" ? value : JSON.stringify(value);
}

function valueOf({ kind }: Field, text: string): unknown {
  if (kind === "boolean") return text === "true";
  if (text === "") return undefined;
  if (kind === "number") return Number(text);
  return kind === "choice" || kind === "json" ? parsed(text) : text;
}

/** What is no JSON is sent as the text that it is: the server says what is wrong with it. */
function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return text;
  }
}
