import { expect, test } from "vitest";

import { marksOf, roomFor, stepOf } from "../src/run/axis.ts";

test.each([
  [9, 10, 1],
  [1_000, 10, 100],
  [10_970, 12, 1_000],
  [95_000, 10, 10_000],
  [3_600_000, 8, 600_000],
  [90_000_000, 10, 10_800_000],
])("marks on %i ms, at most %i, are %i ms apart", (length, most, step) => {
  expect(stepOf(length, most)).toBe(step);
});

test("there are no more marks than are wanted, however long it took", () => {
  for (const days of [1, 100, 10_000]) expect(marksOf(days * 86_400_000, 10).length).toBeLessThanOrEqual(11);
});

test("marks begin at the start and stay on the axis", () => {
  expect(marksOf(350, 4)).toEqual([0, 100, 200, 300]);
});

test("the axis of what grows has room, and changes seldom", () => {
  const rooms = Array.from({ length: 1000 }, (_, at) => roomFor(at * 10));
  rooms.forEach((room, at) => expect(room).toBeGreaterThan(at * 10));
  expect(new Set(rooms).size).toBeLessThan(20);
});
