import type { Edge, Node, Viewport } from "@xyflow/react";
import type { Workflow } from "understudy-client";

/** A node of the workflow as it is, with a place on the canvas. */
export type FlowNode = Node<Record<string, unknown>>;
/** A connection of the workflow as it is. */
export type FlowConnection = Edge;

/** What the canvas draws. */
export interface Flow {
  readonly nodes: readonly FlowNode[];
  readonly edges: readonly FlowConnection[];
}

/** What React Flow adds while a person works, and no document keeps. */
export const PASSING: ReadonlySet<string> = new Set(["selected", "dragging", "resizing", "measured"]);

/** The graph of a workflow in a form that React Flow can draw: each node has a place, and parents come first. */
export function toFlow(workflow: Pick<Workflow, "nodes" | "connections">): Flow {
  return { nodes: familiesOf(workflow.nodes.map(toNode)), edges: workflow.connections.map(toConnection) };
}

/** Where a workflow was looked at, if it says so whole. */
export function toViewport({ viewport }: Pick<Workflow, "viewport">): Viewport | undefined {
  if (viewport?.x === undefined || viewport.y === undefined || viewport.zoom === undefined) return undefined;
  return { x: viewport.x, y: viewport.y, zoom: viewport.zoom };
}

/** Whether two nodes or connections are the same to a document. */
export function isSame(one: object, other: object): boolean {
  if (one === other) return true;
  const names = (item: object) => Object.keys(item).filter((name) => !PASSING.has(name));
  const [of, as] = [names(one), names(other)];
  const held = (item: object, name: string) => (item as Record<string, unknown>)[name];
  return of.length === as.length && of.every((name) => held(one, name) === held(other, name));
}

/** Whether two graphs are the same to a document. */
export function isSameFlow(one: Flow, other: Flow): boolean {
  return isSameList(one.nodes, other.nodes) && isSameList(one.edges, other.edges);
}

/** Whether two lists of nodes or connections are the same to a document. */
export function isSameList(one: readonly object[], other: readonly object[]): boolean {
  return one === other || (one.length === other.length && one.every((item, at) => isSame(item, other[at]!)));
}

function toNode(node: Workflow["nodes"][number]): FlowNode {
  return { ...node, position: node.position ?? { x: 0, y: 0 }, data: node.data ?? {} } as FlowNode;
}

function toConnection(connection: Workflow["connections"][number]): FlowConnection {
  return connection as FlowConnection;
}

/** The nodes with parents that can be drawn, which come first. */
export function familiesOf(nodes: readonly FlowNode[]): FlowNode[] {
  const parents = new Map(nodes.map((node) => [node.id, node.parentId]));
  return parentsFirst(nodes.map((node) => adopted(node, parents)));
}

/** A node whose parent is not there, or is in the node itself, is drawn as one that is in none. */
function adopted(node: FlowNode, parents: ReadonlyMap<string, string | undefined>): FlowNode {
  const hasParent = node.parentId !== undefined && parents.has(node.parentId);
  if (node.parentId === undefined || (hasParent && !isWithinItself(node.id, parents))) return node;
  const { parentId: _, extent: __, ...orphan } = node;
  return orphan as FlowNode;
}

function isWithinItself(id: string, parents: ReadonlyMap<string, string | undefined>): boolean {
  const passed = new Set<string>();
  let parent = parents.get(id);
  // A cycle of others further up is cut there.
  while (parent !== undefined && parent !== id && !passed.has(parent)) {
    passed.add(parent);
    parent = parents.get(parent);
  }
  return parent === id;
}

/** The nodes in an order in which each comes after the group that it is in, as React Flow wants it. */
export function parentsFirst(nodes: readonly FlowNode[]): FlowNode[] {
  const byId = new Map(nodes.map((node) => [node.id, node]));
  const sorted = new Set<FlowNode>();
  const entering = new Set<string>();
  function enter(node: FlowNode): void {
    if (sorted.has(node) || entering.has(node.id)) return;
    entering.add(node.id);
    const parent = node.parentId === undefined ? undefined : byId.get(node.parentId);
    if (parent) enter(parent);
    sorted.add(node);
  }
  nodes.forEach(enter);
  return [...sorted];
}
