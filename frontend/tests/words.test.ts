import type { StreamedEvent } from "understudy-client";
import { expect, test } from "vitest";

import { lineOf, iterationOf, sentenceOf } from "../src/run/words.ts";

const NAMES = new Map([
  ["a", "Fetch orders"],
  ["b", "Report"],
]);

function event(type: string, data: object): StreamedEvent {
  return { seq: 1, at: "2026-01-01T09:00:00.000Z", type, data } as unknown as StreamedEvent;
}

test.each([
  ["node.started", { node_id: "a", iteration: null, attempt: 1 }, "Fetch orders: started"],
  ["node.started", { node_id: "a", iteration: null, attempt: 2 }, "Fetch orders: started, attempt 2"],
  [
    "node.completed",
    { node_id: "a", iteration: 2, duration_ms: 1200, branch: null },
    "Fetch orders, iteration 3: completed in 1.2 s",
  ],
  ["node.failed", { node_id: "gone", iteration: null, error: { message: "No." } }, "gone: failed: No."],
  ["connection.delivered", { source: "a", target: "b", items: 3 }, "Fetch orders: gave 3 items to Report"],
  ["execution.resumed", { reason: "answered" }, "Execution resumed after an answer"],
  ["execution.failed", { reason: null, error: { message: "It broke." } }, "Execution failed: It broke."],
  ["log", { node_id: "b", iteration: null, level: "info", message: "<b>hi</b>" }, "Report: <b>hi</b>"],
])("%s is told in words", (type, data, words) => {
  expect(sentenceOf(event(type, data), NAMES)).toBe(words);
});

test("iterations are counted from one, those within each other with a point", () => {
  expect([iterationOf(null), iterationOf(0), iterationOf([1, 4])]).toEqual([undefined, "1", "2.5"]);
});

test("progress and data matter least, failures most", () => {
  const level = (type: string) => lineOf(event(type, { node_id: "a", progress: 50, error: null }), NAMES).level;
  expect(["node.progress", "node.started", "node.failed"].map(level)).toEqual(["debug", "info", "error"]);
});
