import { familiesOf, type FlowNode, type Flow, type FlowConnection } from "./flow.ts";
import { freeName, placeOf, plus, unselected, withChildren } from "./graph.ts";

const SHIFT = { x: 40, y: 40 };

/** What is selected, as the text that goes to the clipboard: what React Flow's `toObject()` would give of it. */
export function copied(flow: Flow): string | undefined {
  const ids = withChildren(flow.nodes, (node) => node.selected === true);
  if (ids.size === 0) return undefined;
  const nodes = flow.nodes.filter((node) => ids.has(node.id)).map((node) => alone(node, flow.nodes, ids));
  const edges = flow.edges.filter((edge) => ids.has(edge.source) && ids.has(edge.target)).map(kept);
  return JSON.stringify({ nodes, edges });
}

/** A graph with what a text holds, which alone is selected; nothing if the text holds no graph. */
export function pasted(flow: Flow, text: string): Flow | undefined {
  const read = readFlow(text);
  if (!read) return undefined;
  const ids = newNames(read.nodes, flow.nodes);
  const by = shiftOf(read.nodes, flow.nodes);
  const nodes = read.nodes.map((node) => renamed(node, ids, by));
  const edges = read.edges.filter((edge) => ids.has(edge.source) && ids.has(edge.target));
  const edgeIds = newNames(edges, flow.edges);
  return {
    nodes: [...flow.nodes.map(unselected), ...nodes],
    edges: [...flow.edges.map(unselected), ...edges.map((edge) => rejoined(edge, ids, edgeIds))],
  };
}

/** A graph in which what is selected is there twice. */
export function doubled(flow: Flow): Flow {
  const text = copied(flow);
  return (text !== undefined && pasted(flow, text)) || flow;
}

function alone(node: FlowNode, nodes: readonly FlowNode[], ids: ReadonlySet<string>): FlowNode {
  const { selected: _, measured: __, dragging: ___, ...document } = node;
  if (node.parentId === undefined || ids.has(node.parentId)) return document;
  const { parentId: ____, extent: _____, ...free } = document;
  return { ...free, position: placeOf(node, nodes) };
}

function kept({ selected: _, ...edge }: FlowConnection): FlowConnection {
  return edge;
}

/** The graph in a text, whoever wrote it. */
function readFlow(text: string): Flow | undefined {
  const { nodes, edges = [] } = parse(text) ?? {};
  if (!Array.isArray(nodes) || nodes.length === 0 || !nodes.every(isNode)) return undefined;
  return { nodes: familiesOf(nodes), edges: Array.isArray(edges) ? edges.filter(isConnection) : [] };
}

function parse(text: string): { nodes?: unknown; edges?: unknown } | null {
  try {
    const read: unknown = JSON.parse(text);
    return typeof read === "object" ? read : null;
  } catch {
    return null;
  }
}

function isNode(value: unknown): value is FlowNode {
  const { id, position, data } = (value ?? {}) as Partial<FlowNode>;
  const isPlaced = typeof position?.x === "number" && typeof position.y === "number";
  return typeof id === "string" && isPlaced && typeof data === "object" && data !== null;
}

function isConnection(value: unknown): value is FlowConnection {
  const { id, source, target } = (value ?? {}) as Partial<FlowConnection>;
  return [id, source, target].every((part) => typeof part === "string");
}

function newNames(items: readonly { id: string }[], others: readonly { id: string }[]): ReadonlyMap<string, string> {
  const taken = new Set(others.map((other) => other.id));
  const names = new Map<string, string>();
  for (const { id } of items) {
    const name = freeName(id.replace(/_\d+$/, ""), (name) => taken.has(name), "_");
    names.set(id, name);
    taken.add(name);
  }
  return names;
}

/** How far what is pasted is moved, so that nothing hides what it was copied from. */
function shiftOf(pasted: readonly FlowNode[], nodes: readonly FlowNode[]): { x: number; y: number } {
  const isSeen = (by: { x: number; y: number }) =>
    !pasted.some((one) => nodes.some((other) => isAt(plus(one.position, by), other.position)));
  let by = { x: 0, y: 0 };
  while (!isSeen(by)) by = plus(by, SHIFT);
  return by;
}

function isAt(one: { x: number; y: number }, other: { x: number; y: number }): boolean {
  return one.x === other.x && one.y === other.y;
}

function renamed(node: FlowNode, ids: ReadonlyMap<string, string>, by: { x: number; y: number }): FlowNode {
  const parentId = node.parentId === undefined ? undefined : ids.get(node.parentId);
  const { parentId: _, ...rest } = node;
  const id = ids.get(node.id)!;
  if (parentId !== undefined) return { ...rest, id, parentId, selected: true };
  return { ...rest, id, position: plus(node.position, by), selected: true };
}

function rejoined(
  edge: FlowConnection,
  ids: ReadonlyMap<string, string>,
  edgeIds: ReadonlyMap<string, string>,
): FlowConnection {
  return { ...edge, id: edgeIds.get(edge.id)!, source: ids.get(edge.source)!, target: ids.get(edge.target)! };
}
