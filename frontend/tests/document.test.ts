import type { Workflow } from "understudy-client";
import { expect, test } from "vitest";

import { changesIn } from "../src/editor/changes.ts";
import { changesOf, differenceOf, documentOf, holds, isEqual, opened } from "../src/editor/document.ts";
import type { FlowNode } from "../src/editor/flow.ts";
import { arranged } from "../src/editor/layout.ts";

const WORKFLOW = {
  name: "Sums",
  description: "",
  tags: ["a"],
  viewport: { x: 0, y: 0, zoom: 1 },
  nodes: [
    { id: "bare", type: "set" },
    { id: "child", parentId: "box", position: { x: 1, y: 2 }, data: { label: "Child" }, mine: [1] },
    { id: "box", type: "group", position: { x: 0, y: 0 }, data: {} },
    { id: "orphan", parentId: "nobody", extent: "parent", position: { x: 3, y: 4 }, data: {} },
  ],
  connections: [{ id: "c", source: "bare", target: "child", label: "of theirs" }],
} as unknown as Workflow;

function moved(boxes: readonly FlowNode[], id: string): FlowNode[] {
  return boxes.map((box) => (box.id === id ? { ...box, position: { x: 50, y: 60 } } : box));
}

test("what nobody touched is sent back exactly as it was given, in its order", () => {
  const { draft, origins } = opened(WORKFLOW);
  const measured = draft.nodes.map((box) => ({ ...box, selected: true, measured: { width: 1, height: 1 } }));
  const { nodes, connections } = documentOf({ ...draft, nodes: measured }, origins);
  expect(nodes).toEqual(WORKFLOW.nodes);
  expect(connections).toEqual(WORKFLOW.connections);
});

test("of a node that was moved, only the place is another one", () => {
  const { draft, origins } = opened(WORKFLOW);
  const { nodes } = documentOf({ ...draft, nodes: moved(draft.nodes, "orphan") }, origins);
  expect(nodes[3]).toEqual({ ...WORKFLOW.nodes[3], position: { x: 50, y: 60 } });
  expect(nodes.slice(1, 3)).toEqual(WORKFLOW.nodes.slice(1, 3));
});

test("nodes without a place are drawn beside each other, and keep their places once one of them is moved", () => {
  const nodes = ["a", "b"].map((id) => ({ id, type: "set" }));
  const workflow = { ...WORKFLOW, nodes, connections: [{ id: "c", source: "a", target: "b" }] } as unknown as Workflow;
  const { draft, origins } = opened(workflow, arranged);
  const [a, b] = draft.nodes;
  expect(a!.position.x + 200).toBeLessThan(b!.position.x);
  expect(documentOf(draft, origins).nodes).toEqual(nodes);
  expect(documentOf({ ...draft, nodes: moved(draft.nodes, "a") }, origins).nodes).toEqual([
    { ...nodes[0], position: { x: 50, y: 60 } },
    { ...nodes[1], position: b!.position },
  ]);
});

test("nodes without a place do not lie on those that have one", () => {
  const nodes = [{ id: "a" }, { id: "b", position: { x: 5, y: 5 } }];
  const { draft } = opened({ ...WORKFLOW, nodes, connections: [] } as unknown as Workflow, arranged);
  expect(draft.nodes[1]!.position).toEqual({ x: 5, y: 5 });
  expect(draft.nodes[0]!.position.y).toBeGreaterThan(5 + 56);
});

test("a group that is in itself is drawn as one in none, and its document keeps what it says", () => {
  const nodes = [
    { id: "a", parentId: "b", position: { x: 0, y: 0 }, data: {} },
    { id: "b", parentId: "a", extent: "parent", position: { x: 0, y: 0 }, data: {} },
    { id: "own", parentId: "own", position: { x: 0, y: 0 }, data: {} },
    { id: "in", parentId: "a", position: { x: 0, y: 0 }, data: {} },
  ];
  const { draft, origins } = opened({ ...WORKFLOW, nodes, connections: [] } as unknown as Workflow);
  expect(Object.fromEntries(draft.nodes.map(({ id, parentId }) => [id, parentId]))).toEqual({ in: "a" });
  expect(documentOf({ ...draft, nodes: moved(draft.nodes, "b") }, origins).nodes).toEqual(
    nodes.map((node) => (node.id === "b" ? { ...node, position: { x: 50, y: 60 } } : node)),
  );
});

test("a node that had no place and no data gets them only when somebody gives them", () => {
  const { draft, origins } = opened(WORKFLOW);
  const labelled = draft.nodes.map((box) => (box.id === "bare" ? { ...box, data: { label: "Now" } } : box));
  expect(documentOf({ ...draft, nodes: labelled }, origins).nodes[0]).toEqual({
    id: "bare",
    type: "set",
    data: { label: "Now" },
  });
});

test("new nodes come last, and removed ones are not sent", () => {
  const { draft, origins } = opened(WORKFLOW);
  const left = draft.nodes.filter(({ id }) => id !== "bare");
  const added: FlowNode = { id: "new", position: { x: 0, y: 0 }, data: {} };
  const { nodes } = documentOf({ ...draft, nodes: [added, ...left] }, origins);
  expect(nodes.map(({ id }) => id)).toEqual(["child", "box", "orphan", "new"]);
});

test("only what is different is sent", () => {
  const { draft, origins } = opened(WORKFLOW);
  expect(changesOf(draft, draft, origins)).toBeUndefined();
  expect(changesOf({ ...draft, name: "Other" }, draft, origins)).toEqual({ name: "Other" });
  expect(Object.keys(changesOf({ ...draft, nodes: moved(draft.nodes, "box") }, draft, origins)!)).toEqual(["nodes"]);
});

test("a selection is no difference, and a look at another place is a small one", () => {
  const { draft } = opened(WORKFLOW);
  const selected = draft.nodes.map((box) => ({ ...box, selected: true }));
  expect(differenceOf({ ...draft, nodes: selected }, draft)).toBeUndefined();
  expect(differenceOf({ ...draft, viewport: { x: 1, y: 1, zoom: 1 } }, draft)).toBe("viewport");
  expect(differenceOf({ ...draft, tags: ["b"] }, draft)).toBe("document");
});

test("a workflow that has all that was sent holds it, whatever the order of members", () => {
  const { draft, origins } = opened(WORKFLOW);
  expect(holds(WORKFLOW, documentOf(draft, origins))).toBe(true);
  expect(holds({ ...WORKFLOW, name: "Other" }, documentOf(draft, origins))).toBe(false);
  expect(isEqual({ a: 1, b: [2] }, { b: [2], a: 1 })).toBe(true);
  expect(isEqual({ a: undefined }, {})).toBe(true);
  expect(isEqual([1], [1, 2])).toBe(false);
  expect(isEqual([], {})).toBe(false);
});

test("what each side has changed is told in words", () => {
  const { draft } = opened(WORKFLOW);
  const after = {
    ...draft,
    name: "Other",
    nodes: moved(draft.nodes, "child").filter(({ id }) => id !== "orphan"),
    edges: [...draft.edges, { id: "d", source: "box", target: "child" }],
  };
  expect(changesIn(draft, after)).toEqual([
    "Renamed to “Other”",
    "Removed node “orphan”",
    "Moved node “Child”",
    "Added connection “box” → “Child”",
  ]);
});
