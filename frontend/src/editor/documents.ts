/** A file that was read: the document in it, and what it is called. */
export interface Read {
  readonly name: string;
  readonly document: unknown;
}

/** The document in a file.
 *
 * A graph without a name gets that of its file. Whether there is a graph, the server says.
 */
export function readDocument(fileName: string, text: string): Read {
  const document = parse(fileName, text);
  const name = fileName.replace(/\.json$/i, "").slice(0, 255) || "Imported workflow";
  if (!isObject(document)) return { name, document };
  const places = [document, ...PLACES.map((place) => document[place])].filter(isObject);
  const isNamed = places.some((place) => typeof place["name"] === "string");
  return { name, document: isNamed ? document : { ...document, name } };
}

/** Where a workflow may lie in a document. */
const PLACES = ["workflow", "template", "flow", "data"];

/** The graph in a document, wherever relatives of React Flow put it, as React Flow writes it. */
export function graphIn(document: unknown): string | undefined {
  if (!isObject(document)) return undefined;
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

function parse(fileName: string, text: string): unknown {
  const document = orNothing(text);
  if (document === undefined) throw new Error(`There is no JSON document in ${fileName}.`);
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
