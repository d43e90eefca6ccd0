import type { StreamedEvent } from "understudy-client";
import { expect, test } from "vitest";

import { nextMoment } from "../src/run/player.ts";

function at(...ms: readonly number[]): StreamedEvent[] {
  return ms.map((after, place) => {
    return { seq: place + 1, at: new Date(1e12 + after).toISOString() } as unknown as StreamedEvent;
  });
}

test("the next event comes after the time that was between them, at the speed", () => {
  expect(nextMoment(at(0, 300), 1, 1)).toEqual({ seq: 2, delay: 300 });
  expect(nextMoment(at(0, 300), 1, 5)).toEqual({ seq: 2, delay: 60 });
});

test("long waits are cut", () => {
  expect(nextMoment(at(0, 86_400_000), 1, 1)!.delay).toBe(700);
});

test("what happened at once is shown at once", () => {
  expect(nextMoment(at(0, 100, 100, 105, 400), 1, 1)).toEqual({ seq: 4, delay: 100 });
});

test("every moment leads to the end", () => {
  const events = at(0, 1, 2, 50, 51, 52, 300);
  let seq = 1;
  for (let next = nextMoment(events, seq, 1); next; next = nextMoment(events, seq, 1)) {
    expect(next.seq).toBeGreaterThan(seq);
    seq = next.seq;
  }
  expect(seq).toBe(events.length);
});
