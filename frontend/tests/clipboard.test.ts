import { expect, test } from "vitest";

import { copied, doubled, pasted } from "../src/editor/clipboard.ts";
import type { FlowNode, Flow } from "../src/editor/flow.ts";

const node = (id: string, more: Partial<FlowNode> = {}): FlowNode => ({
  id,
  position: { x: 0, y: 0 },
  data: {},
  ...more,
});
const EMPTY: Flow = { nodes: [], edges: [] };
const PAIR: Flow = {
  nodes: [node("a", { selected: true, measured: { width: 1, height: 1 } }), node("b", { selected: true }), node("c")],
  edges: [
    { id: "ab", source: "a", sourceHandle: "output", target: "b" },
    { id: "bc", source: "b", target: "c" },
  ],
};

test("what is copied is what a document keeps of the selected nodes and the connections among them", () => {
  expect(JSON.parse(copied(PAIR)!)).toEqual({
    nodes: [node("a"), node("b")],
    edges: [PAIR.edges[0]],
  });
});

test("nothing is copied if nothing is selected", () => {
  expect(copied({ nodes: [node("a")], edges: [] })).toBeUndefined();
});

test("what is pasted beside the original has ids of its own, is moved a little, and alone is selected", () => {
  const { nodes, edges } = pasted(PAIR, copied(PAIR)!)!;
  expect(nodes.map(({ id }) => id)).toEqual(["a", "b", "c", "a_2", "b_2"]);
  expect(nodes.filter(({ selected }) => selected).map(({ id }) => id)).toEqual(["a_2", "b_2"]);
  expect(nodes[3]!.position).toEqual({ x: 40, y: 40 });
  expect(edges.at(-1)).toMatchObject({ id: "ab_2", source: "a_2", sourceHandle: "output", target: "b_2" });
});

test("a second copy does not lie on the first", () => {
  const text = copied(PAIR)!;
  const twice = pasted(pasted(PAIR, text)!, text)!;
  const places = twice.nodes.filter(({ id }) => id.startsWith("a")).map(({ position }) => position.x);
  expect(places).toEqual([0, 40, 80]);
});

test("in another workflow everything keeps its id and its place", () => {
  expect(pasted(EMPTY, copied(PAIR)!)!.nodes.map(({ id, position }) => [id, position.x])).toEqual([
    ["a", 0],
    ["b", 0],
  ]);
});

test("a group is copied with what is in it", () => {
  const nodes = [node("g", { type: "group", selected: true }), node("in", { parentId: "g", position: { x: 5, y: 5 } })];
  const [, , group, inner] = doubled({ nodes, edges: [] }).nodes;
  expect(inner).toMatchObject({ id: "in_2", parentId: group!.id, position: { x: 5, y: 5 } });
});

test("a node that is copied out of its group stands where it was seen", () => {
  const nodes = [node("g", { position: { x: 100, y: 0 } }), node("in", { parentId: "g", selected: true })];
  const read = JSON.parse(copied({ nodes, edges: [] })!) as Flow;
  expect(read.nodes).toEqual([node("in", { position: { x: 100, y: 0 } })]);
});

test.each(["", "hello", "null", "[]", '{"nodes": []}', '{"nodes": [{"id": "a"}]}', '{"nodes": [null]}'])(
  "a text that is no graph is not pasted: %s",
  (text) => {
    expect(pasted(PAIR, text)).toBeUndefined();
  },
);

test("a connection to what is not pasted is left out", () => {
  const text = JSON.stringify({ nodes: [node("x")], edges: [{ id: "e", source: "x", target: "gone" }, 7] });
  expect(pasted(EMPTY, text)!.edges).toEqual([]);
});
