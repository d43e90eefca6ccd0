import { isObject, type Members } from "./json.ts";

/** What a value says about a file of the sandbox. */
export interface Reference {
  readonly id: string;
  readonly name: string;
  readonly kind: string;
  readonly contentType: string;
  readonly size: number | undefined;
}

const DEEPEST = 4;
const MOST = 500;

/** The files that a value tells of, each once. */
export function referencesIn(value: unknown): readonly Reference[] {
  const found = new Map<string, Reference>();
  function look(part: unknown, depth: number): void {
    if (depth > DEEPEST || found.size >= MOST || typeof part !== "object" || part === null) return;
    const reference = toReference(part);
    if (reference) found.set(reference.id, reference);
    else Object.values(part).forEach((held) => look(held, depth + 1));
  }
  look(value, 0);
  return [...found.values()];
}

/** Whether a value is a file, a list of files, or an object with such a list. */
export function isOfFiles(value: unknown): boolean {
  if (Array.isArray(value)) return value.length > 0 && value.every((item) => toReference(item) !== undefined);
  return toReference(value) !== undefined || (isObject(value) && "files" in value && isOfFiles(value["files"]));
}

function toReference(part: unknown): Reference | undefined {
  if (!isObject(part) || !isFile(part)) return undefined;
  const { id, name, kind, content_type: contentType, size } = part;
  return {
    id: id as string,
    name: name as string,
    kind: typeof kind === "string" ? kind : "other",
    contentType: contentType as string,
    size: typeof size === "number" ? size : undefined,
  };
}

function isFile({ id, name, content_type }: Members): boolean {
  return [id, name, content_type].every((held) => typeof held === "string" && held !== "");
}
