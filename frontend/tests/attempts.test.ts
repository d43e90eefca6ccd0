import { describe, expect, test } from "vitest";
import type { StreamedEvent } from "understudy-client";

import { outputBefore, visitsOf } from "../src/data/attempts.ts";
import { deliveredBy } from "../src/data/deliveries.ts";
import { isPinned, pinned, unpinned } from "../src/data/pin.ts";
import { flowOf } from "../src/editor/flowing.ts";

/** Events as a stream gives them, numbered from 1. */
function events(...told: [type: string, data: object][]): StreamedEvent[] {
  return told.map(([type, data], at) => ({ type, data, seq: at + 1, at: `2026-01-01T09:00:0${at}.000Z` })) as never;
}

const error = { code: "mocked", message: "No." };

describe("what a node did", () => {
  test("is an attempt for each time that it was tried", () => {
    const [visit] = visitsOf(
      events(
        ["node.started", { node_id: "a", iteration: null, attempt: 1, input: { input: 1 } }],
        ["log", { node_id: "a", iteration: null, level: "info", message: "Hm." }],
        ["node.retrying", { node_id: "a", iteration: null, attempt: 1, error, delay_ms: 500 }],
        ["node.started", { node_id: "a", iteration: null, attempt: 2, input: { input: 1 } }],
        ["node.completed", { node_id: "a", iteration: null, attempt: 2, output: { output: 2 }, duration_ms: 9 }],
      ),
      "a",
    );
    const [first, second] = visit!.attempts;
    expect(first).toMatchObject({ number: 1, status: "failed", error, delayMs: 500, logs: [{ message: "Hm." }] });
    expect(second).toMatchObject({ number: 2, status: "completed", output: { output: 2 }, error: null, logs: [] });
  });

  test("is told for each iteration", () => {
    const visits = visitsOf(
      events(
        ["node.started", { node_id: "a", iteration: [0, 0], attempt: 1 }],
        ["node.completed", { node_id: "a", iteration: [0, 0], attempt: 1, output: {} }],
        ["node.started", { node_id: "b", iteration: [0, 0], attempt: 1 }],
        ["node.skipped", { node_id: "a", iteration: [0, 1] }],
      ),
      "a",
    );
    expect(visits.map(({ iteration, attempts }) => [iteration, attempts.at(-1)?.status])).toEqual([
      [[0, 0], "completed"],
      [[0, 1], "skipped"],
    ]);
  });
});

describe("what was delivered", () => {
  const told = events(
    ["node.completed", { node_id: "a", output: { yes: [1], no: [2] } }],
    ["connection.delivered", { connection_id: "c" }],
    ["node.completed", { node_id: "a", output: { yes: [3] } }],
  );
  const delivery = { seq: 2, preview: "[1", items: 1, bytes: 3, at: "" };

  test("is what left the port of the source just before", () => {
    expect(deliveredBy(told, { source: "a", sourceHandle: "yes" }, delivery)).toEqual({ value: [1], isWhole: true });
    expect(outputBefore(told, "a", 3)).toEqual({ yes: [3] });
  });

  test("is its preview where that is not known", () => {
    expect(deliveredBy(told, { source: "group" }, delivery)).toEqual({ value: "[1", isWhole: false });
  });
});

describe("pinning", () => {
  const flow = {
    nodes: [{ id: "a", position: { x: 0, y: 0 }, data: { label: "A", mock: { duration_ms: 5 } } }],
    edges: [],
  };

  test("keeps what else is mocked", () => {
    const node = pinned(flow, "a", { output: 1 }).nodes[0]!;
    expect(isPinned(node)).toBe(true);
    expect(node.data["mock"]).toEqual({ duration_ms: 5, output: { output: 1 } });
  });

  test("is taken back without a trace", () => {
    expect(unpinned(pinned(flow, "a", {}), "a")).toEqual(flow);
    const plain = { nodes: [{ ...flow.nodes[0]!, data: { label: "A" } }], edges: [] };
    expect(unpinned(pinned(plain, "a", {}), "a")).toEqual(plain);
  });
});

test("a connection tells how its source fares, and that it has carried", () => {
  const line = { id: "c", source: "a" };
  const flow = (status: string, deliveries = new Map()) =>
    flowOf({ byNode: new Map([["a", { status }]]) as never, deliveries }, line);
  expect(["idle", "running", "completed", "skipped"].map((status) => flow(status))).toEqual([
    "idle",
    "active",
    "dead",
    "dead",
  ]);
  expect(flow("completed", new Map([["c", {}]]))).toBe("delivered");
});
