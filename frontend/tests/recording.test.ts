import type { StreamedEvent } from "understudy-client";
import { expect, test } from "vitest";

import { Recording } from "../src/run/recording.ts";

const AT = "2026-01-01T09:00:00.000Z";
const EXECUTION = { status: "pending", status_history: [], nodes: [], waiting_for: [], started_at: null };
const LOST = { type: "log.reset", seq: null, cursor: null, at: AT, data: {} } as unknown as StreamedEvent;

function log(count: number, items = 1): StreamedEvent[] {
  const events = Array.from({ length: count }, (_, at) => ({
    seq: at + 1,
    at: AT,
    type: "connection.delivered",
    data: { connection_id: `c${at % 7}`, items: at + items, bytes: 0, preview: null },
  }));
  return [
    { seq: 1, at: AT, type: "execution.created", data: EXECUTION },
    ...events.slice(1),
  ] as unknown as StreamedEvent[];
}

test("every moment is that which the events up to it make, and no other", () => {
  const events = log(350);
  const recording = new Recording();
  recording.add(events);
  for (const seq of [0, 1, 99, 100, 101, 199, 200, 349, 350]) {
    const until = new Recording();
    until.add(events.slice(0, seq));
    expect(recording.at(seq)).toEqual(until.latest);
  }
});

test("a moment that is not there yet is the latest", () => {
  const recording = new Recording();
  recording.add(log(3));
  expect(recording.at(9)).toBe(recording.latest);
});

test("a delivery takes the place of the one before over the same connection", () => {
  const recording = new Recording();
  recording.add(log(20));
  expect(recording.latest.deliveries.size).toBe(7);
  expect(recording.latest.deliveries.get("c5")!.items).toBe(20);
});

test("when the log is gone, nothing is left of it", () => {
  const recording = new Recording();
  recording.add([...log(150), LOST]);
  expect(recording.latest.execution).toBeUndefined();
  const another = log(150, 1000);
  recording.add(another);
  const fresh = new Recording();
  fresh.add(another);
  expect(recording.at(101)).toEqual(fresh.at(101));
});

test("the list of events is another one when the log is another, so that nobody goes on where another log was", () => {
  const recording = new Recording();
  recording.add(log(5));
  const { events } = recording;
  recording.add(log(6).slice(5));
  expect(recording.events).toBe(events);
  recording.add([LOST, ...log(9)]);
  expect(recording.events).not.toBe(events);
  expect(recording.about("c5")).toHaveLength(1);
});

test("what is the same in two moments near each other is the same object, whichever way one goes", () => {
  const recording = new Recording();
  recording.add(log(350));
  const at230 = recording.at(230);
  const at229 = recording.at(229);
  expect(recording.at(230)).toBe(at230);
  const same = [...at230.deliveries].filter(([id, delivery]) => at229.deliveries.get(id) === delivery);
  expect(same).toHaveLength(6);
});

test("the events about one thing are those that tell of it, in order", () => {
  const recording = new Recording();
  recording.add(log(30));
  expect(recording.about("c3").map(({ seq }) => seq)).toEqual([4, 11, 18, 25]);
  expect(recording.about("nothing")).toEqual([]);
});
