import { describe, expect, test } from "vitest";

import type { StreamedEvent } from "../src/index.js";
import { Place } from "../src/place.js";

function event(number: number): StreamedEvent {
  return { type: "log", seq: number, cursor: number, at: "2026-01-01T09:00:00.000Z" } as StreamedEvent;
}

function take(place: Place, ...numbers: number[]): (number | string)[] {
  return numbers.flatMap((number) => place.take(event(number))).map(({ seq, type }) => seq ?? type);
}

describe("a place in the log of an execution", () => {
  test("lets each event through once", () => {
    expect(take(new Place("seq"), 1, 2, 2, 1, 3)).toEqual([1, 2, 3]);
  });

  test("puts two that changed places back in order", () => {
    expect(take(new Place("seq"), 1, 3, 2, 4)).toEqual([1, 2, 3, 4]);
  });

  test("has a gap when more than one is too early, and closes it on the next connection", () => {
    const place = new Place("seq");
    expect(take(place, 1, 3)).toEqual([1]);
    expect(place.hasGap).toBe(false);
    expect(take(place, 4)).toEqual([]);
    expect(place.hasGap).toBe(true);
    place.comeBack();
    expect(place.hasGap).toBe(false);
    expect(take(place, 2, 3, 4)).toEqual([2, 3, 4]);
  });

  test("knows another log by its start", () => {
    const place = new Place("seq");
    take(place, 1, 2, 3);
    place.comeBack();
    expect(take(place, 1, 2)).toEqual(["log.reset", 1, 2]);
  });
});

describe("a place in the log of a workflow or a sandbox", () => {
  test("has no gaps, since other events lie between", () => {
    expect(take(new Place("cursor"), 4, 9, 9, 12)).toEqual([4, 9, 12]);
  });
});
