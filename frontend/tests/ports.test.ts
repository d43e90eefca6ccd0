import type { NodeType } from "understudy-client";
import { expect, test } from "vitest";

import type { FlowNode, FlowConnection } from "../src/editor/flow.ts";
import { type Graph, portsOf } from "../src/editor/ports.ts";
import { between, refusalOf } from "../src/editor/refusals.ts";

type Port = NodeType["inputs"][number];

const port = (id: string, data_type = "any", max_connections: number | null = null): Port => ({
  id,
  label: id,
  data_type,
  required: false,
  max_connections,
});

const type = (name: string, inputs: Port[], outputs: Port[], more: Partial<NodeType> = {}): NodeType =>
  ({ type: name, inputs, outputs, dynamic_outputs: false, annotation: false, defaults: {}, ...more }) as NodeType;

const TYPES = new Map(
  [
    type("text", [port("input")], [port("output", "string")]),
    type("number", [port("input")], [port("output", "number")]),
    type("takes_text", [port("input", "string"), port("other", "array", 1)], []),
    type("loop", [port("input"), port("back")], [port("item"), port("done")]),
    type("switch", [port("input")], [port("first")], { dynamic_outputs: true, defaults: { rules: [{ id: "a" }] } }),
    type("note", [], [], { annotation: true }),
    type("group", [], [], { annotation: true }),
  ].map((found) => [found.type, found]),
);

const node = (id: string, type: string): FlowNode => ({ id, type, position: { x: 0, y: 0 }, data: {} });
const line = (source: string, sourceHandle: string, target: string, targetHandle: string): FlowConnection => ({
  id: `${source}-${target}`,
  source,
  sourceHandle,
  target,
  targetHandle,
});
const graph = (nodes: FlowNode[], edges: FlowConnection[] = []): Graph => ({ nodes, edges, types: TYPES });
const ids = (node: Parameters<typeof portsOf>[0], ends: string[] = []) => {
  const { inputs, outputs } = portsOf(node, TYPES.get(node.type ?? ""), ends);
  return [inputs.map((found) => found.id), outputs.map((found) => found.id)];
};
const refusal = (one: string[], of: Graph) => {
  const [source, sourceHandle, target, targetHandle] = one as [string, string, string, string];
  return refusalOf({ source, sourceHandle, target, targetHandle }, of);
};

test("a switch has a port for each rule, and one for the rest", () => {
  const data = { config: { rules: [{ id: "cheap", label: "Cheap" }, {}] } };
  expect(ids({ type: "switch", data })).toEqual([["input"], ["cheap", "rule_1", "fallback"]]);
});

test("the rules of a switch that says nothing are those of its type", () => {
  expect(ids({ type: "switch", data: {} })[1]).toEqual(["a", "fallback"]);
});

test("a switch without a fallback has no port for the rest", () => {
  expect(ids({ type: "switch", data: { config: { fallback: false } } })[1]).toEqual(["a"]);
});

test("a node whose errors leave by a port has that port", () => {
  expect(ids({ type: "text", data: { on_error: "error_port" } })[1]).toEqual(["output", "error"]);
});

test("a port that only connections name is drawn, and marked as unknown", () => {
  const { outputs } = portsOf({ type: "text", data: {} }, TYPES.get("text"), ["source:gone"]);
  expect(outputs.map(({ id, isUnknown }) => [id, isUnknown])).toEqual([
    ["output", undefined],
    ["gone", true],
  ]);
});

test("unknown types and groups hand on what they take, and notes take nothing", () => {
  expect(ids({ type: "nobody", data: {} })).toEqual([[null], [null]]);
  expect(ids({ type: "group", data: {} })).toEqual([[null], [null]]);
  expect(ids({ type: "note", data: {} })).toEqual([[], []]);
});

test("data types that nothing converts are refused in words", () => {
  const words = refusal(["a", "output", "b", "other"], graph([node("a", "text"), node("b", "takes_text")]));
  expect(words).toBe('"a" gives string there, and "b" takes array.');
});

test("data types that the server converts fit", () => {
  expect(refusal(["a", "output", "b", "input"], graph([node("a", "number"), node("b", "takes_text")]))).toBeUndefined();
});

test("a node is connected to itself only if it is a loop", () => {
  expect(refusal(["a", "output", "a", "input"], graph([node("a", "text")]))).toContain("itself");
  expect(refusal(["l", "item", "l", "back"], graph([node("l", "loop")]))).toBeUndefined();
});

test("the same ports are connected once", () => {
  const nodes = [node("a", "text"), node("b", "text")];
  const edges = [line("a", "output", "b", "input")];
  expect(refusal(["a", "output", "b", "input"], graph(nodes, edges))).toContain("already");
});

test("a port takes no more connections than its type says", () => {
  const nodes = [node("a", "loop"), node("b", "loop"), node("c", "takes_text")];
  expect(refusal(["a", "item", "c", "other"], graph(nodes))).toBeUndefined();
  const edges = [line("b", "item", "c", "other")];
  expect(refusal(["a", "item", "c", "other"], graph(nodes, edges))).toContain("no more connections");
});

test("a connection is the same whichever end it is drawn from", () => {
  const from = { nodeId: "a", port: "output", side: "source" } as const;
  const to = { nodeId: "b", port: null, side: "target" } as const;
  const connection = { source: "a", sourceHandle: "output", target: "b", targetHandle: null };
  expect(between(from, to)).toEqual(connection);
  expect(between(to, from)).toEqual(connection);
  expect(between(to, to)).toBeUndefined();
});
