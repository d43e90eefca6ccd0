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

/** All that a person edits of a workflow. */
export interface Draft extends Flow {
  readonly name: string;
  readonly description: string;
  readonly tags: readonly string[];
  readonly viewport: Viewport | undefined;
}

type Members = Readonly<Record<string, unknown>>;

const SELECTED = new Set(["selected"]);

/** A draft as the server takes it. */
export type Document = Pick<Workflow, "name" | "description" | "tags" | "nodes" | "connections"> &
  Partial<Pick<Workflow, "viewport">>;

/** A node as the server gave it, and the box that was drawn of it. */
interface Origin {
  readonly node: ServedNode;
  readonly box: FlowNode;
}

/** The nodes that the server gave, by id, in its order. */
export type Origins = ReadonlyMap<string, Origin>;

/** What is edited when a workflow is opened, and where its boxes come from. */
export function opened(workflow: Workflow): { readonly draft: Draft; readonly origins: Origins } {
  const flow = toFlow(workflow);
  const boxes = new Map(flow.nodes.map((box) => [box.id, box]));
  const { name, description } = workflow;
  return {
    draft: { ...flow, name, description, tags: workflow.tags, viewport: toViewport(workflow) },
    origins: new Map(workflow.nodes.map((node) => [node.id, { node, box: boxes.get(node.id)! }])),
  };
}

/** The draft alone of whatever holds one. */
export function draftOf({ nodes, edges, name, description, tags, viewport }: Draft): Draft {
  return { nodes, edges, name, description, tags, viewport };
}

/** How two drafts differ: as documents, only in the place that is looked at, or not at all. */
export function differenceOf(one: Draft, other: Draft): "document" | "viewport" | undefined {
  const isSameText = one.name === other.name && one.description === other.description && one.tags === other.tags;
  if (!isSameText || !isSameFlow(one, other)) return "document";
  return one.viewport === other.viewport ? undefined : "viewport";
}

/** What has to be sent so that the server has the draft; nothing if it has it. */
export function changesOf(draft: Draft, kept: Draft, origins: Origins): WorkflowPatch | undefined {
  const patch: WorkflowPatch = {
    ...(!isSameList(draft.nodes, kept.nodes) && { nodes: toNodes(draft.nodes, origins) }),
    ...(!isSameList(draft.edges, kept.edges) && { connections: toConnections(draft.edges) }),
    ...(draft.name !== kept.name && { name: draft.name }),
    ...(draft.description !== kept.description && { description: draft.description }),
    ...(draft.tags !== kept.tags && { tags: [...draft.tags] }),
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
  return inOrder(boxes, origins).map((box) => toNode(box, origins.get(box.id)));
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

function toNode(box: FlowNode, origin: Origin | undefined): ServedNode {
  if (!origin) return without(box, PASSING) as ServedNode;
  return isSame(box, origin.box) ? origin.node : restored(box, origin);
}

/** What was changed only so that the box could be drawn is as it was. */
function restored(box: FlowNode, { node, box: first }: Origin): ServedNode {
  const [drawn, given, shown] = [without(box, PASSING), node as Members, first as Members];
  const isDrawing = (name: string) => given[name] !== shown[name] && drawn[name] === shown[name];
  const forDrawing = ["position", "data", "parentId", "extent"].filter(isDrawing);
  const back = forDrawing.filter((name) => name in given).map((name) => [name, given[name]] as const);
  return { ...without(drawn, new Set(forDrawing)), ...Object.fromEntries(back) } as ServedNode;
}

function toConnections(lines: readonly FlowConnection[]): Workflow["connections"] {
  return lines.map((line) => without(line, SELECTED) as Workflow["connections"][number]);
}

function without(item: object, names: ReadonlySet<string>): Members {
  return Object.fromEntries(Object.entries(item).filter(([name]) => !names.has(name)));
}
