import type { StreamedEvent } from "understudy-client";
import { expect, test } from "vitest";

import { Lanes } from "../src/run/lanes.ts";

const START = Date.parse("2026-01-01T09:00:00.000Z");

/** Events at milliseconds after the start. */
function story(...told: readonly [number, string, object?][]): StreamedEvent[] {
  return told.map(([ms, type, data = {}], at) => {
    return { seq: at + 1, at: new Date(START + ms).toISOString(), type, data } as unknown as StreamedEvent;
  });
}

const created = (...ids: readonly string[]) => ({ nodes: ids.map((node_id) => ({ node_id })) });
const of = (node_id: string, more: object = {}) => ({ node_id, iteration: null, ...more });

function lanesOf(events: readonly StreamedEvent[]): Lanes {
  const lanes = new Lanes();
  lanes.follow(events);
  return lanes;
}

/** The spans of a node in short: kind, from and to after the start, status. */
function told(lanes: Lanes, nodeId: string) {
  const spans = lanes.all.find((lane) => lane.nodeId === nodeId)!.spans;
  return spans.map(({ kind, from, to, status }) => [kind, from - START, to === undefined ? to : to - START, status]);
}

test("a node that ran is one span from its start to its end", () => {
  const lanes = lanesOf(
    story(
      [0, "execution.created", created("a")],
      [5, "execution.started"],
      [5, "node.started", of("a", { attempt: 1 })],
      [25, "node.completed", of("a", { attempt: 1 })],
    ),
  );
  expect(told(lanes, "a")).toEqual([["work", 5, 25, "completed"]]);
  expect(lanes.from).toBe(START + 5);
});

test("an attempt that failed, the delay and the next attempt are three spans", () => {
  const lanes = lanesOf(
    story(
      [0, "execution.started"],
      [0, "node.started", of("a", { attempt: 1 })],
      [10, "node.retrying", of("a", { attempt: 1, delay_ms: 30 })],
      [40, "node.started", of("a", { attempt: 2 })],
      [60, "node.failed", of("a", { attempt: 2 })],
    ),
  );
  expect(told(lanes, "a")).toEqual([
    ["work", 0, 10, "failed"],
    ["delay", 10, 40, "retrying"],
    ["work", 40, 60, "failed"],
  ]);
});

test("a wait for a person is a span of its own, and ends with the answer", () => {
  const lanes = lanesOf(
    story(
      [0, "node.started", of("ask", { attempt: 1 })],
      [1, "node.waiting", of("ask")],
      [500, "node.completed", of("ask", { attempt: 1 })],
    ),
  );
  expect(told(lanes, "ask")).toEqual([
    ["work", 0, 1, "waiting"],
    ["wait", 1, 500, "completed"],
  ]);
});

test("each round of a loop is a span, with its iteration", () => {
  const round = (iteration: number) => ({ node_id: "a", iteration, attempt: 1 });
  const lanes = lanesOf(
    story(
      [0, "node.started", round(0)],
      [1, "node.completed", round(0)],
      [2, "node.started", round(1)],
      [3, "node.completed", round(1)],
    ),
  );
  expect(lanes.all[0]!.spans.map(({ iteration }) => iteration)).toEqual([0, 1]);
});

test("what is still open when the execution ends, ends with it", () => {
  const lanes = lanesOf(
    story([0, "node.started", of("a", { attempt: 1 })], [9, "execution.paused"], [20, "execution.stopped"]),
  );
  expect(told(lanes, "a")).toEqual([["work", 0, 20, "stopped"]]);
  expect(lanes.pauses).toEqual([{ from: START + 9, to: START + 20 }]);
  expect(lanes.isOver).toBe(true);
});

test("a pause lasts until the execution is resumed", () => {
  const lanes = lanesOf(story([0, "execution.started"], [10, "execution.paused"], [30, "execution.resumed"]));
  expect(lanes.pauses).toEqual([{ from: START + 10, to: START + 30 }]);
});

test("nodes that were reached come first, in that order, and the others as the graph has them", () => {
  const lanes = lanesOf(
    story(
      [0, "execution.created", created("a", "b", "c", "d")],
      [1, "node.started", of("c", { attempt: 1 })],
      [2, "node.skipped", of("b")],
    ),
  );
  expect(lanes.all.map(({ nodeId }) => nodeId)).toEqual(["c", "b", "a", "d"]);
});

test("events are taken once", () => {
  const events = story([0, "execution.created", created("a")], [1, "node.started", of("a", { attempt: 1 })]);
  const lanes = lanesOf(events);
  lanes.follow(events);
  expect(lanes.all[0]!.spans).toHaveLength(1);
});
