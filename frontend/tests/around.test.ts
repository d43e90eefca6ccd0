import { Position } from "@xyflow/react";
import { expect, test } from "vitest";

import { isBackward, pathAround } from "../src/editor/around.ts";

const SIDES = { sourcePosition: Position.Right, targetPosition: Position.Left };

test("a line back goes below the nodes that it joins", () => {
  const ends = { sourceX: 800, sourceY: 40, targetX: 100, targetY: 20 };
  expect(isBackward({ ...ends, ...SIDES })).toBe(true);
  const [, x, y] = pathAround(ends);
  expect(x).toBe(450);
  expect(y).toBeGreaterThan(40 + 56);
});

test("a line back to a node far above goes between the two", () => {
  const [, , y] = pathAround({ sourceX: 800, sourceY: 600, targetX: 100, targetY: 0 });
  expect(y).toBe(300);
});

test("a line on goes straight there", () => {
  expect(isBackward({ sourceX: 100, sourceY: 0, targetX: 200, targetY: 0, ...SIDES })).toBe(false);
});
