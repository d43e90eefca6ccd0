import type { Viewport } from "@xyflow/react";
import type { Workflow, WorkflowPatch } from "understudy-client";

import {
  type FlowNode,
  type Flow,
  isSame,
  isSameFlow,
  isSameList,
  type FlowConnection,
  PASSING,
  toFlow,
  toViewport,
} from "./flow.ts";

type ServedNode = Workflow["nodes"][number];

/** What a workflow is: all that can be undone. */
export interface Content extends Flow {
  readonly name: string;
  readonly description: string;
  readonly tags: readonly string[];
}

/** All that a person edits of a workflow. */
export interface Draft extends Content {
  readonly viewport: Viewport | undefined;
}

type Members = Readonly<Record<string, unknown>>;

const SELECTED = new Set(["selected"]);
/** What a node may get only so that it can be drawn. */
const FAMILY = ["data", "parentId", "extent"];
/** Once somebody moves a node, the places of all are kept: the others were found from how it stood before. */
const DRAWN = [...FAMILY, "position", "width", "height"];

/** A draft as the server takes it. */
export type Document = Pick<Workflow, "name" | "description" | "tags" | "nodes" | "connections"> &
  Partial<Pick<Workflow, "viewport">>;

/** A node as the server gave it, and the box that was drawn of it. */
interface Origin {
  readonly node: ServedNode;
  readonly box: FlowNode;
}

/** Gives a place to those nodes of a graph that have none. */
export type Placing = (flow: Flow, unplaced: ReadonlySet<string>) => Flow;

/** The nodes that the server gave, by id, in its order. */
export type Origins = ReadonlyMap<string, Origin>;

/** What is edited when a workflow is opened, and where its boxes come from. */
export function opened(workflow: Workflow, place?: Placing): { readonly draft: Draft; readonly origins: Origins } {
  const flow = place && hasUnplaced(workflow) ? place(toFlow(workflow), unplacedIn(workflow)) : toFlow(workflow);
  const boxes = new Map(flow.nodes.map((box) => [box.id, box]));
  const { name, description } = workflow;
  return {
    draft: { ...flow, name, description, tags: workflow.tags, viewport: toViewport(workflow) },
    origins: new Map(workflow.nodes.map((node) => [node.id, { node, box: boxes.get(node.id)! }])),
  };
}

/** Whether there are nodes of which the document does not say where they are. */
export function hasUnplaced({ nodes }: Pick<Workflow, "nodes">): boolean {
  return nodes.some((node) => !node.position);
}

function unplacedIn({ nodes }: Workflow): ReadonlySet<string> {
  return new Set(nodes.filter((node) => !node.position).map((node) => node.id));
}

/** The content alone of whatever holds some. */
export function contentOf({ nodes, edges, name, description, tags }: Content): Content {
  return { nodes, edges, name, description, tags };
}

/** The draft alone of whatever holds one. */
export function draftOf(draft: Draft): Draft {
  return { ...contentOf(draft), viewport: draft.viewport };
}

/** Whether two contents are the same to a document. */
export function isSameContent(one: Content, other: Content): boolean {
  const isSameText = one.name === other.name && one.description === other.description;
  return isSameText && isEqual(one.tags, other.tags) && isSameFlow(one, other);
}

/** How two drafts differ: as documents, only in the place that is looked at, or not at all. */
export function differenceOf(one: Draft, other: Draft): "document" | "viewport" | undefined {
  if (!isSameContent(one, other)) return "document";
  return one.viewport === other.viewport ? undefined : "viewport";
}

/** What has to be sent so that the server has the draft; nothing if it has it. */
export function changesOf(draft: Draft, kept: Draft, origins: Origins): WorkflowPatch | undefined {
  const patch: WorkflowPatch = {
    ...(!isSameList(draft.nodes, kept.nodes) && { nodes: toNodes(draft.nodes, origins) }),
    ...(!isSameList(draft.edges, kept.edges) && { connections: toConnections(draft.edges) }),
    ...(draft.name !== kept.name && { name: draft.name }),
    ...(draft.description !== kept.description && { description: draft.description }),
    ...(!isEqual(draft.tags, kept.tags) && { tags: [...draft.tags] }),
    ...(draft.viewport && draft.viewport !== kept.viewport && { viewport: draft.viewport }),
  };
  return Object.keys(patch).length ? patch : undefined;
}

/** The whole draft as a document. */
export function documentOf(draft: Draft, origins: Origins): Document {
  const { name, description, tags, viewport } = draft;
  return {
    name,
    description,
    tags: [...tags],
    nodes: toNodes(draft.nodes, origins),
    connections: toConnections(draft.edges),
    ...(viewport && { viewport }),
  };
}

/** Whether a workflow already has what was to be sent: the answer to it may have been lost on its way. */
export function holds(workflow: Workflow, document: Document): boolean {
  const held = workflow as Readonly<Record<string, unknown>>;
  return Object.entries(document).every(([name, value]) => isEqual(held[name], value));
}

/** Whether two values are the same JSON; the order of members is nothing, and what is undefined is not there. */
export function isEqual(one: unknown, other: unknown): boolean {
  if (Object.is(one, other)) return true;
  if (!isObject(one) || !isObject(other) || Array.isArray(one) !== Array.isArray(other)) return false;
  const names = new Set([...Object.keys(one), ...Object.keys(other)]);
  return [...names].every((name) => isEqual(one[name], other[name]));
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null;
}

/** Boxes as nodes: those that nobody touched are as they were given, in the order in which they were. */
function toNodes(boxes: readonly FlowNode[], origins: Origins): ServedNode[] {
  const isArranged = boxes.some((box) => isMoved(box, origins.get(box.id)));
  return inOrder(boxes, origins).map((box) => toNode(box, origins.get(box.id), isArranged));
}

/** Whether somebody has put a node elsewhere than it was shown. */
function isMoved(box: FlowNode, origin: Origin | undefined): boolean {
  return origin !== undefined && !isEqual(box.position, origin.box.position);
}

/** For drawing, parents were put first. Who did not sort them anew gets them back as they were. */
function inOrder(boxes: readonly FlowNode[], origins: Origins): readonly FlowNode[] {
  const drawn = new Map([...boxes.entries()].map(([at, box]) => [box.id, at]));
  const older = [...origins.keys()].filter((id) => drawn.has(id));
  const asDrawn = boxes.filter((box) => origins.has(box.id)).map((box) => box.id);
  const atFirst = toFlow({ nodes: older.map((id) => origins.get(id)!.node), connections: [] }).nodes;
  if (!atFirst.every((box, at) => box.id === asDrawn[at])) return boxes;
  const newer = boxes.filter((box) => !origins.has(box.id));
  return [...older.map((id) => boxes[drawn.get(id)!]!), ...newer];
}

function toNode(box: FlowNode, origin: Origin | undefined, isArranged: boolean): ServedNode {
  if (!origin) return without(box, PASSING) as ServedNode;
  const isGiven = isSame(box, origin.box) && (origin.node.position || !isArranged);
  return isGiven ? origin.node : restored(box, origin, isArranged ? FAMILY : DRAWN);
}

/** What was changed only so that the box could be drawn is as it was. */
function restored(box: FlowNode, { node, box: first }: Origin, names: readonly string[]): ServedNode {
  const [drawn, given, shown] = [without(box, PASSING), node as Members, first as Members];
  const isDrawing = (name: string) => given[name] !== shown[name] && drawn[name] === shown[name];
  const forDrawing = names.filter(isDrawing);
  const back = forDrawing.filter((name) => name in given).map((name) => [name, given[name]] as const);
  return { ...without(drawn, new Set(forDrawing)), ...Object.fromEntries(back) } as ServedNode;
}

function toConnections(lines: readonly FlowConnection[]): Workflow["connections"] {
  return lines.map((line) => without(line, SELECTED) as Workflow["connections"][number]);
}

function without(item: object, names: ReadonlySet<string>): Members {
  return Object.fromEntries(Object.entries(item).filter(([name]) => !names.has(name)));
}
