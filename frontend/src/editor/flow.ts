import type { Edge, Node, Viewport } from "@xyflow/react";
import type { Workflow } from "understudy-client";

/** A box on the canvas: a node of the workflow as it is, with a place. */
export type Box = Node<Record<string, unknown>>;
/** A line on the canvas: a connection of the workflow as it is. */
export type Line = Edge;

/** What the canvas draws. */
export interface Flow {
  readonly nodes: readonly Box[];
  readonly edges: readonly Line[];
}

/** What React Flow adds while a person works, and no document keeps. */
export const PASSING: ReadonlySet<string> = new Set(["selected", "dragging", "resizing", "measured"]);

/** The graph of a workflow in a form that React Flow can draw: each node has a place, and parents come first. */
export function toFlow({ nodes, connections }: Pick<Workflow, "nodes" | "connections">): Flow {
  const boxes = nodes.map(toBox);
  const ids = new Set(boxes.map((box) => box.id));
  return { nodes: parentsFirst(boxes.map((box) => adopted(box, ids))), edges: connections.map(toLine) };
}

/** Where a workflow was looked at, if it says so whole. */
export function toViewport({ viewport }: Pick<Workflow, "viewport">): Viewport | undefined {
  if (viewport?.x === undefined || viewport.y === undefined || viewport.zoom === undefined) return undefined;
  return { x: viewport.x, y: viewport.y, zoom: viewport.zoom };
}

/** Whether two boxes or lines are the same to a document. */
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

/** Whether two lists of boxes or lines are the same to a document. */
export function isSameList(one: readonly object[], other: readonly object[]): boolean {
  return one === other || (one.length === other.length && one.every((item, at) => isSame(item, other[at]!)));
}

function toBox(node: Workflow["nodes"][number]): Box {
  return { ...node, position: node.position ?? { x: 0, y: 0 }, data: node.data ?? {} } as Box;
}

function toLine(connection: Workflow["connections"][number]): Line {
  return connection as Line;
}

/** React Flow draws no box whose parent is not there. */
function adopted(box: Box, ids: ReadonlySet<string>): Box {
  if (box.parentId === undefined || ids.has(box.parentId)) return box;
  const { parentId: _, extent: __, ...orphan } = box;
  return orphan as Box;
}

/** The boxes in an order in which each comes after the group that it is in, as React Flow wants it. */
export function parentsFirst(boxes: readonly Box[]): Box[] {
  const byId = new Map(boxes.map((box) => [box.id, box]));
  const sorted = new Set<Box>();
  const entering = new Set<string>();
  function enter(box: Box): void {
    if (sorted.has(box) || entering.has(box.id)) return;
    entering.add(box.id);
    const parent = box.parentId === undefined ? undefined : byId.get(box.parentId);
    if (parent) enter(parent);
    sorted.add(box);
  }
  boxes.forEach(enter);
  return [...sorted];
}
