import { expect, test } from "vitest";

import { bytesOf, countOf, dayAndTimeOf, durationOf, exactTimeOf, timeOfDay } from "../src/parts/amounts.ts";

test("amounts are short", () => {
  expect([0, 999, 1_200, 12_345, 5_000_000].map(bytesOf)).toEqual(["0 B", "999 B", "1.2 kB", "12 kB", "5.0 MB"]);
  expect([countOf(1, "item"), countOf(1200, "item"), countOf(2, "entry", "entries")]).toEqual([
    "1 item",
    "1,200 items",
    "2 entries",
  ]);
});

test("durations are told in the two largest units", () => {
  expect([7, 1_250, 60_000, 125_400, 12_000_000].map(durationOf)).toEqual([
    "7 ms",
    "1.25 s",
    "1 min",
    "2 min 5 s",
    "3 h 20 min",
  ]);
});

test("a duration that is all but the next unit is that one", () => {
  expect([999.7, 59_999].map(durationOf)).toEqual(["1 s", "1 min"]);
});

test("a moment is told by the second, and to the millisecond where it matters", () => {
  const moments = ["2026-01-01T09:00:00.000Z", "2026-03-01T12:00:00.045Z"];
  expect(moments.map(dayAndTimeOf)).toEqual(["1 Jan 2026, 09:00:00", "1 Mar 2026, 12:00:00"]);
  expect(moments.map(exactTimeOf)).toEqual(["1 Jan 2026, 09:00:00", "1 Mar 2026, 12:00:00.045"]);
});

test("the time of day is that of the sandbox", () => {
  expect(timeOfDay("2026-01-01T09:00:00.25Z")).toBe("09:00:00.250");
});
