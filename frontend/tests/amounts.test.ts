import { expect, test } from "vitest";

import { bytesOf, countOf, durationOf, timeOfDay } from "../src/parts/amounts.ts";

test("amounts are short", () => {
  expect([0, 999, 1_200, 12_345, 5_000_000].map(bytesOf)).toEqual(["0 B", "999 B", "1.2 KB", "12 KB", "5.0 MB"]);
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

test("the time of day is that of the sandbox", () => {
  expect(timeOfDay("2026-01-01T09:00:00.25Z")).toBe("09:00:00.250");
});
