import type { Connection, XYPosition } from "@xyflow/react";
import type { NodeType } from "understudy-client";

import { type FlowNode, type Flow, type FlowConnection, parentsFirst } from "./flow.ts";
import { nameOf } from "./ports.ts";

/** How large a box is before it was measured. */
export const USUAL_SIZE = { width: 200, height: 56 };
/** How far apart the dots of the canvas are: the step of the arrow keys. */
export const GRID = 10;

const FRAME_SIZE = { width: 360, height: 220 };
const NOTE_SIZE = { width: 240, height: 120 };

/** A new node of a type. Its configuration says nothing yet, so the defaults of the type hold. */
export function newNode(type: NodeType, position: XYPosition, nodes: readonly FlowNode[]): FlowNode {
  const id = freeName(type.type, (name) => nodes.some((node) => node.id === name), "_");
  const label = freeName(type.display_name, (name) => nodes.some((node) => nameOf(node) === name), " ");
  return { id, type: type.type, position, data: { label }, ...sizeOfNew(type) };
}

function sizeOfNew(type: NodeType): { style?: { width: number; height: number } } {
  if (type.type === "group") return { style: FRAME_SIZE };
  return type.annotation ? { style: NOTE_SIZE } : {};
}

/** A graph with one more node, which alone is selected; groups stay before what is in them. */
export function withNode({ nodes, edges }: Flow, node: FlowNode): Flow {
  return { nodes: [...nodes.map(unselected), { ...node, selected: true }], edges: edges.map(unselected) };
}

/** A graph with one more connection. */
export function withConnection(flow: Flow, connection: Connection): Flow {
  const { source, sourceHandle, target, targetHandle } = connection;
  const wanted = `${source}${sourceHandle ? `-${sourceHandle}` : ""}-${target}${targetHandle ? `-${targetHandle}` : ""}`;
  const id = freeName(wanted, (name) => flow.edges.some((edge) => edge.id === name), "_");
  return { nodes: flow.nodes, edges: [...flow.edges, { id, source, sourceHandle, target, targetHandle }] };
}

/** A graph in which a connection has other ends. */
export function withEnds({ nodes, edges }: Flow, old: FlowConnection, ends: Connection): Flow {
  return { nodes, edges: edges.map((edge) => (edge.id === old.id ? { ...edge, ...ends } : edge)) };
}

/** A graph without what is selected: a group takes along what is in it, a node its connections. */
export function withoutSelected({ nodes, edges }: Flow): Flow {
  const gone = withChildren(nodes, (node) => node.selected === true);
  const isKept = (edge: FlowConnection) => !edge.selected && !gone.has(edge.source) && !gone.has(edge.target);
  return { nodes: nodes.filter((node) => !gone.has(node.id)), edges: edges.filter(isKept) };
}

/** The ids of some nodes and of all that is in them. Parents come before their children. */
export function withChildren(nodes: readonly FlowNode[], isWanted: (node: FlowNode) => boolean): ReadonlySet<string> {
  const found = new Set<string>();
  for (const node of nodes) {
    if (isWanted(node) || (node.parentId !== undefined && found.has(node.parentId))) found.add(node.id);
  }
  return found;
}

/** A graph in which everything is selected. */
export function withAllSelected({ nodes, edges }: Flow): Flow {
  const select = <Item extends FlowNode | FlowConnection>(item: Item) =>
    item.selected ? item : { ...item, selected: true };
  return { nodes: nodes.map(select), edges: edges.map(select) };
}

/** A graph whose selected nodes are moved; what is in a selected group goes along by itself. */
export function withMoved({ nodes, edges }: Flow, by: XYPosition): Flow {
  const selected = new Set(nodes.filter((node) => node.selected).map((node) => node.id));
  const isMoved = (node: FlowNode) => node.selected && !(node.parentId !== undefined && selected.has(node.parentId));
  const move = (node: FlowNode) => ({ ...node, position: plus(node.position, by) });
  return { nodes: nodes.map((node) => (isMoved(node) ? move(node) : node)), edges };
}

/** Where a node is on the canvas, whichever groups it is in. */
export function placeOf(node: FlowNode, nodes: readonly FlowNode[]): XYPosition {
  const parent = node.parentId === undefined ? undefined : nodes.find((other) => other.id === node.parentId);
  return parent ? plus(placeOf(parent, nodes), node.position) : node.position;
}

/** How large a node is. */
export function sizeOf({ measured, width, height, style }: FlowNode): { width: number; height: number } {
  return {
    width: width ?? measured?.width ?? numberOf(style?.width) ?? USUAL_SIZE.width,
    height: height ?? measured?.height ?? numberOf(style?.height) ?? USUAL_SIZE.height,
  };
}

/** The innermost group at a point of the canvas, without those that are not to be looked at. */
function groupAt(nodes: readonly FlowNode[], point: XYPosition, not: ReadonlySet<string>): FlowNode | undefined {
  return nodes.findLast((node) => node.type === "group" && !not.has(node.id) && isWithin(point, node, nodes));
}

/** Nodes in the groups on which they lie, or in none. Each stays where it is seen. */
export function housed(flow: Flow, ids: ReadonlySet<string>): Flow {
  const own = withChildren(flow.nodes, (node) => ids.has(node.id));
  const house = (node: FlowNode) => (ids.has(node.id) && !isHeld(node, ids) ? inGroup(node, flow.nodes, own) : node);
  const nodes = flow.nodes.map(house);
  return nodes.every((node, at) => node === flow.nodes[at]) ? flow : { nodes: parentsFirst(nodes), edges: flow.edges };
}

/** What cannot leave its group, or goes where its group goes. */
function isHeld(node: FlowNode, ids: ReadonlySet<string>): boolean {
  return node.extent !== undefined || (node.parentId !== undefined && ids.has(node.parentId));
}

function inGroup(node: FlowNode, nodes: readonly FlowNode[], own: ReadonlySet<string>): FlowNode {
  const place = placeOf(node, nodes);
  const { width, height } = sizeOf(node);
  const group = groupAt(nodes, plus(place, { x: width / 2, y: height / 2 }), own);
  if (group?.id === node.parentId) return node;
  const { parentId: _, ...free } = node;
  if (!group) return { ...free, position: place };
  return { ...free, parentId: group.id, position: minus(place, placeOf(group, nodes)) };
}

function isWithin(point: XYPosition, node: FlowNode, nodes: readonly FlowNode[]): boolean {
  const { x, y } = minus(point, placeOf(node, nodes));
  const { width, height } = sizeOf(node);
  return x >= 0 && y >= 0 && x <= width && y <= height;
}

/** A place near the wanted one at which nothing lies yet. */
export function freePlace(wanted: XYPosition, nodes: readonly FlowNode[]): XYPosition {
  const places = nodes
    .filter((node) => node.type !== "group")
    .map((node) => [placeOf(node, nodes), sizeOf(node)] as const);
  const isTaken = ({ x, y }: XYPosition) =>
    places.some(
      ([place, { width, height }]) =>
        Math.abs(x - place.x) < Math.max(width, USUAL_SIZE.width) &&
        Math.abs(y - place.y) < Math.max(height, USUAL_SIZE.height),
    );
  let place = wanted;
  while (isTaken(place)) place = plus(place, { x: 0, y: USUAL_SIZE.height + 2 * GRID });
  return place;
}

/** The first of `name`, `name 2`, `name 3` that is free. */
export function freeName(name: string, isTaken: (name: string) => boolean, before: string): string {
  let [free, number] = [name, 1];
  while (isTaken(free)) free = `${name}${before}${++number}`;
  return free;
}

/** The thing without its mark; the same object if it has none. */
export function unselected<Item extends FlowNode | FlowConnection>(item: Item): Item {
  return item.selected ? { ...item, selected: false } : item;
}

/** One point moved by another. */
export function plus(one: XYPosition, other: XYPosition): XYPosition {
  return { x: one.x + other.x, y: one.y + other.y };
}

function minus(one: XYPosition, other: XYPosition): XYPosition {
  return { x: one.x - other.x, y: one.y - other.y };
}

function numberOf(value: unknown): number | undefined {
  return typeof value === "number" ? value : undefined;
}
