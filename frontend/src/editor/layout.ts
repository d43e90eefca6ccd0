import { graphlib, layout } from "@dagrejs/dagre";
import type { XYPosition } from "@xyflow/react";

import type { FlowNode, Flow, FlowConnection } from "./flow.ts";
import { plus, sizeOf, USUAL_SIZE } from "./graph.ts";
import { grouped } from "./lists.ts";
import { namedEnds } from "./ports.ts";

/** What a group leaves free around what is in it: its title is at the top. */
const FRAME = { left: 24, top: 52, right: 24, bottom: 24 };
const ORIGIN = { x: 0, y: 0 };
/** How much higher a box is for each port. */
const ROW = 24;
const GAP = { nodesep: 36, ranksep: 72, edgesep: 16 };

interface Size {
  readonly width: number;
  readonly height: number;
}

interface Places {
  readonly positions: Map<string, XYPosition>;
  /** The new sizes of groups. */
  readonly sizes: Map<string, Size>;
}

/** A graph in which the nodes stand in the order in which they run, from left to right; if several are selected, those. */
export function tidied(flow: Flow): Flow {
  const selected = flow.nodes.filter((node) => node.selected);
  const places = selected.length > 1 ? placesOfSome(flow, selected) : placesOf(flow);
  return { nodes: placedAll(flow.nodes, places), edges: flow.edges };
}

/** A graph in which nodes that had no place have one: in their order, below those that have one. */
export function arranged(flow: Flow, unplaced: ReadonlySet<string>): Flow {
  const rough = { nodes: flow.nodes.map((node) => sized(node, flow.edges)), edges: flow.edges };
  const isUnplaced = ({ id }: FlowNode) => unplaced.has(id);
  const others = rough.nodes.filter((node) => !isUnplaced(node));
  if (others.length === 0) return { nodes: placedAll(flow.nodes, placesOf(rough)), edges: flow.edges };
  const places = placesOfSome(rough, rough.nodes.filter(isUnplaced));
  const below = { x: 0, y: bottomOf(others) };
  const within = { x: FRAME.left, y: FRAME.top };
  for (const { id, parentId } of rough.nodes.filter(isUnplaced)) {
    places.positions.set(id, plus(places.positions.get(id) ?? ORIGIN, parentId === undefined ? below : within));
  }
  return { nodes: placedAll(flow.nodes, places), edges: flow.edges };
}

function placedAll(nodes: readonly FlowNode[], places: Places): FlowNode[] {
  return nodes.map((node) => placed(node, places));
}

/** A node as large as its connected ports make it: nothing is drawn yet that could be measured. */
function sized(node: FlowNode, edges: readonly FlowConnection[]): FlowNode {
  const ends = new Set(namedEnds(edges).get(node.id));
  const rows = (side: string) => [...ends].filter((end) => end.startsWith(side)).length;
  const height = USUAL_SIZE.height + ROW * Math.max(rows("source"), rows("target"));
  return { ...node, measured: { width: USUAL_SIZE.width, height } };
}

function bottomOf(nodes: readonly FlowNode[]): number {
  const free = nodes.filter((node) => node.parentId === undefined);
  return free.length ? Math.max(...free.map((node) => node.position.y + sizeOf(node).height)) + GAP.ranksep : 0;
}

function placesOf(flow: Flow): Places {
  const places: Places = { positions: new Map(), sizes: new Map() };
  const groups = new Set(flow.nodes.map((node) => node.parentId));
  // Parents come before their children, so the innermost groups come first from behind.
  for (const { id } of flow.nodes.toReversed()) if (groups.has(id)) fillGroup(id, flow, places);
  const top = flow.nodes.filter((node) => node.parentId === undefined && isMoved(node));
  keep(places, positions(top, flow, places), cornerOf(top));
  return places;
}

function placesOfSome(flow: Flow, selected: readonly FlowNode[]): Places {
  const places: Places = { positions: new Map(), sizes: new Map() };
  for (const [, members] of grouped(selected.filter(isMoved), (node) => node.parentId)) {
    keep(places, positions(members, flow, places), cornerOf(members));
  }
  return places;
}

function fillGroup(id: string, flow: Flow, places: Places): void {
  const members = flow.nodes.filter((node) => node.parentId === id && isMoved(node));
  if (members.length === 0) return;
  const found = positions(members, flow, places);
  keep(places, found, { x: FRAME.left, y: FRAME.top });
  const sizes = members.map((node) => ({ at: found.get(node.id)!, size: places.sizes.get(node.id) ?? sizeOf(node) }));
  places.sizes.set(id, {
    width: Math.max(...sizes.map(({ at, size }) => at.x + size.width)) + FRAME.left + FRAME.right,
    height: Math.max(...sizes.map(({ at, size }) => at.y + size.height)) + FRAME.top + FRAME.bottom,
  });
}

/** Where some nodes of one group go, from its corner on. A connection into a group counts as one to the group. */
function positions(members: readonly FlowNode[], flow: Flow, places: Places): Map<string, XYPosition> {
  const graph = new graphlib.Graph();
  graph.setGraph({ rankdir: "LR", ...GAP });
  graph.setDefaultEdgeLabel(() => ({}));
  for (const node of members) graph.setNode(node.id, { ...(places.sizes.get(node.id) ?? sizeOf(node)) });
  for (const [source, target] of connectionsAmong(members, flow)) graph.setEdge(source, target);
  layout(graph);
  return new Map(members.map(({ id }) => [id, corner(graph.node(id) as XYPosition & Size)]));
}

function connectionsAmong(members: readonly FlowNode[], { nodes, edges }: Flow): [string, string][] {
  const ids = new Set(members.map((node) => node.id));
  const parents = new Map(nodes.map((node) => [node.id, node.parentId]));
  const memberAround = (id: string | undefined): string | undefined =>
    id === undefined || ids.has(id) ? id : memberAround(parents.get(id));
  const lifted = (edge: FlowConnection) => [memberAround(edge.source), memberAround(edge.target)] as const;
  return edges
    .map(lifted)
    .filter((ends): ends is [string, string] => ends[0] !== undefined && ends[1] !== undefined && ends[0] !== ends[1]);
}

function corner({ x, y, width, height }: XYPosition & Size): XYPosition {
  return { x: Math.round(x - width / 2), y: Math.round(y - height / 2) };
}

/** The corner at which the nodes stand now: tidying up does not send them elsewhere. */
function cornerOf(nodes: readonly FlowNode[]): XYPosition {
  if (nodes.length === 0) return { x: 0, y: 0 };
  return {
    x: Math.min(...nodes.map(({ position }) => position.x)),
    y: Math.min(...nodes.map(({ position }) => position.y)),
  };
}

function keep({ positions }: Places, found: Map<string, XYPosition>, from: XYPosition): void {
  for (const [id, position] of found) positions.set(id, plus(position, from));
}

/** Notes stay where somebody put them. */
function isMoved(node: FlowNode): boolean {
  return node.type !== "note";
}

function placed(node: FlowNode, { positions, sizes }: Places): FlowNode {
  const position = positions.get(node.id);
  const size = sizes.get(node.id);
  if (!position) return node;
  return { ...node, position, ...(size && { width: size.width, height: size.height }) };
}
