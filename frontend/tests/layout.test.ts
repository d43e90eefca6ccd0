import { expect, test } from "vitest";

import type { FlowNode, Flow, FlowConnection } from "../src/editor/flow.ts";
import { tidied } from "../src/editor/layout.ts";

const node = (id: string, more: Partial<FlowNode> = {}): FlowNode => ({
  id,
  position: { x: 0, y: 0 },
  data: {},
  ...more,
});
const line = (source: string, target: string): FlowConnection => ({ id: `${source}-${target}`, source, target });
const placesIn = (flow: Flow) => Object.fromEntries(flow.nodes.map(({ id, position }) => [id, position]));

test("nodes stand from left to right in the order in which they run", () => {
  const flow = { nodes: [node("c"), node("a"), node("b")], edges: [line("a", "b"), line("b", "c")] };
  const { a, b, c } = placesIn(tidied(flow));
  expect(a!.x + 200).toBeLessThan(b!.x);
  expect(b!.x + 200).toBeLessThan(c!.x);
});

test("nodes beside each other do not lie on each other", () => {
  const flow = { nodes: [node("a"), node("b"), node("c")], edges: [line("a", "b"), line("a", "c")] };
  const { b, c } = placesIn(tidied(flow));
  expect(Math.abs(b!.y - c!.y)).toBeGreaterThanOrEqual(56);
});

test("a group holds what is in it, also what it is connected to through others", () => {
  const nodes = [
    node("g", { type: "group", style: { width: 10, height: 10 } }),
    node("x", { parentId: "g" }),
    node("y", { parentId: "g" }),
    node("after"),
  ];
  const tidy = tidied({ nodes, edges: [line("x", "y"), line("y", "after")] });
  const { x, y, g, after } = placesIn(tidy);
  const group = tidy.nodes[0]!;
  expect(x!.x).toBeGreaterThan(0);
  expect(y!.x + 200).toBeLessThan(group.width!);
  expect(y!.y + 56).toBeLessThan(group.height!);
  expect(g!.x + group.width!).toBeLessThan(after!.x);
});

test("a note stays where it was put", () => {
  const note = node("n", { type: "note", position: { x: 7, y: 9 } });
  expect(placesIn(tidied({ nodes: [note, node("a")], edges: [] }))["n"]).toEqual({ x: 7, y: 9 });
});

test("of several that are selected, only those are moved", () => {
  const at = { x: 500, y: 500 };
  const nodes = [
    node("a", { selected: true, position: at }),
    node("b", { selected: true, position: at }),
    node("c", { position: at }),
  ];
  const { a, b, c } = placesIn(tidied({ nodes, edges: [line("a", "b"), line("b", "c")] }));
  expect(a).toEqual(at);
  expect(b!.x).toBeGreaterThan(at.x);
  expect(c).toEqual(at);
});

test("a cycle is no obstacle", () => {
  const flow = { nodes: [node("a"), node("b")], edges: [line("a", "b"), line("b", "a"), line("a", "a")] };
  expect(tidied(flow).nodes).toHaveLength(2);
});
