/** A file that was read: the document in it, and what it is called. */
export interface Read {
  readonly name: string;
  readonly document: Readonly<Record<string, unknown>>;
}

/** The document in a file.
 *
 * A bare graph has no name; it gets that of its file.
 */
export function readDocument(fileName: string, text: string): Read {
  const document = parse(fileName, text);
  const name = fileName.replace(/\.json$/i, "").slice(0, 255) || "Imported workflow";
  const isBare = "nodes" in document && typeof document["name"] !== "string";
  return { name, document: isBare ? { name, ...document } : document };
}

/** The graph in a document, wherever relatives of React Flow put it, as React Flow writes it. */
export function graphIn(document: Readonly<Record<string, unknown>>): string | undefined {
  const { workflow, template, flow, data, flowData } = document;
  const places = [
    workflow,
    template,
    document,
    flow,
    data,
    typeof flowData === "string" ? orNothing(flowData) : flowData,
  ];
  const found = places.filter(isObject).find((place) => Array.isArray(place["nodes"]));
  if (!found) return undefined;
  return JSON.stringify({ nodes: found["nodes"], edges: found["connections"] ?? found["edges"] ?? [] });
}

/** A name that every file system takes. */
export function fileNameOf(name: string): string {
  const plain = name.replace(/[^\p{L}\p{N}._-]+/gu, " ").trim();
  return `${plain.slice(0, 80) || "workflow"}.json`;
}

function parse(fileName: string, text: string): Readonly<Record<string, unknown>> {
  const document = orNothing(text);
  if (!isObject(document)) throw new Error(`There is no JSON document in ${fileName}.`);
  return document;
}

function orNothing(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
