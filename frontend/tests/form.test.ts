import { expect, test } from "vitest";

import { fileNameOf, graphIn, readDocument } from "../src/editor/documents.ts";
import { fits } from "../src/editor/form/judge.ts";
import { shaped } from "../src/editor/form/shape.ts";
import { AS_JSON, AS_NUMBER, AS_TEXT } from "../src/editor/form/text.ts";

test("what has no field of its own is drawn as JSON, names and texts as rows", () => {
  const schema = {
    type: "object",
    properties: {
      body: { title: "Body" },
      headers: { type: "object", title: "Headers", default: {} },
      parameters: { type: ["array", "object", "null"], items: {} },
      documents: { type: "array", items: {} },
      count: { type: "integer", minimum: 1 },
      condition: { type: ["string", "boolean"], format: "expression" },
    },
  };
  expect(shaped(schema, { headers: { a: "b" } })["properties"]).toMatchObject({
    body: { type: "string", format: "json", title: "Body" },
    headers: { type: "string", format: "pairs", title: "Headers" },
    parameters: { format: "json" },
    documents: { format: "json" },
    count: { type: "number", minimum: 1 },
    condition: { type: "string", format: "expression" },
  });
});

test("a value of another kind than its schema says is drawn as what it is", () => {
  const list = { type: "array", title: "List", items: { type: "string" } };
  expect(shaped(list, "{{ $json.list }}")).toEqual({ type: "string", format: "json", title: "List" });
  expect(shaped(list, [{ a: 1 }])).toMatchObject({ format: "json" });
  expect(shaped({ type: "object" }, { a: 1 })).toMatchObject({ format: "json" });
});

test("a field stays what it is while a person types in it, and all items of a list have one", () => {
  const pairs = { type: "object", title: "Headers" };
  const asJson = shaped(pairs, { a: 1 });
  expect(shaped(pairs, { a: "1" }, asJson)).toEqual(asJson);
  expect(shaped(pairs, { a: "1" })).toMatchObject({ format: "pairs" });
  const fields = {
    type: "array",
    items: { type: "object", properties: { options: { type: "array", items: { type: "string" } } } },
  };
  expect(shaped(fields, [{ options: [] }, { options: "{{ $json }}" }])).toMatchObject({
    items: { properties: { options: { format: "json" } } },
  });
});

test("a new item begins as what the schema says, or as an empty text", () => {
  expect(shaped({ type: "array", items: { type: "string" } }, [])).toMatchObject({ items: { default: "" } });
  expect(shaped({ type: "array", items: { type: "number", default: 2 } }, [])).toMatchObject({ items: { default: 2 } });
});

test("a number is a number, and what is none is kept as it was typed", () => {
  expect(["12", " 1.50", "", "{{ $json.n }}", "1e999"].map((text) => AS_NUMBER.read(text))).toEqual([
    12,
    1.5,
    undefined,
    "{{ $json.n }}",
    "1e999",
  ]);
});

test("JSON is read as what it means, and what is none as a text", () => {
  expect(['{"a": 1}', "null", "", "{{ $json }}", '"1"'].map((text) => AS_JSON.read(text))).toEqual([
    { a: 1 },
    null,
    undefined,
    "{{ $json }}",
    "1",
  ]);
  for (const value of [{ a: 1 }, null, undefined, "{{ $json }}", "1", 1]) {
    expect(AS_JSON.read(AS_JSON.write(value))).toEqual(value);
  }
  expect(AS_TEXT.write(undefined)).toBe("");
});

test("of several forms, the one that a value has is found", () => {
  const circle = { type: "object", properties: { kind: { const: "circle" }, radius: { type: "number" } } };
  expect(fits(circle, { kind: "circle", radius: 2 })).toBe(true);
  expect(fits(circle, { kind: "square" })).toBe(false);
  expect(fits({ anyOf: [{ type: "integer" }, { enum: ["auto"] }] }, "auto")).toBe(true);
  expect(fits({ type: "object", required: ["id"] }, {})).toBe(false);
  expect(fits({ type: "integer" }, 1.5)).toBe(false);
});

test("a bare graph is named after its file, and a document keeps its name", () => {
  expect(readDocument("Sums.json", '{"nodes": [], "edges": []}').document).toMatchObject({ name: "Sums" });
  expect(readDocument("a.json", '{"name": "Own", "nodes": []}').document).toMatchObject({ name: "Own" });
  expect(readDocument("Deep.json", '{"data": {"nodes": []}}').document).toMatchObject({ name: "Deep" });
  expect(readDocument("a.json", '{"flow": {"name": "Own", "nodes": []}}').document).not.toHaveProperty("name");
  expect(readDocument("nodered.json", '[{"id": 1}]').document).toEqual([{ id: 1 }]);
  expect(() => readDocument("a.json", "[1")).toThrow("There is no JSON document in a.json.");
});

test("a graph is found wherever relatives of React Flow put it", () => {
  const graph = { nodes: [{ id: "a" }], connections: [{ id: "c" }] };
  const found = JSON.stringify({ nodes: graph.nodes, edges: graph.connections });
  for (const document of [graph, { workflow: graph }, { flow: graph }, { flowData: JSON.stringify(graph) }]) {
    expect(graphIn(document)).toBe(found);
  }
  expect(graphIn({ data: {} })).toBeUndefined();
});

test("a file has a name that every system takes", () => {
  expect(fileNameOf('a/b:c "d"')).toBe("a b c d.json");
  expect(fileNameOf("///")).toBe("workflow.json");
});
