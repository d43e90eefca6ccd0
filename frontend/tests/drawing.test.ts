import { expect, test } from "vitest";

import { drawingOf } from "../src/parts/drawing.ts";

const at = (x: number, y: number) => ({ position: { x, y } });

test("what is in a group lies from the corner of the group, and on top of it", () => {
  const nodes = [
    { id: "in", parentId: "group", ...at(20, 30) },
    { id: "group", type: "group", style: { width: 500, height: "300px" }, ...at(100, 200) },
  ];
  const { shapes } = drawingOf(nodes, []);
  expect(shapes.map(({ id }) => id)).toEqual(["group", "in"]);
  expect(shapes[0]).toMatchObject({ width: 500, height: 300 });
  expect(shapes[1]).toMatchObject({ x: 120, y: 230 });
});

test("the view holds every node, and does not blow up a small graph", () => {
  const far = drawingOf(
    [
      { id: "a", ...at(-1000, 0) },
      { id: "b", ...at(1000, 900) },
    ],
    [],
  ).view;
  expect(far.x).toBeLessThan(-1000);
  expect(far.x + far.width).toBeGreaterThan(1200);
  expect(far.y + far.height).toBeGreaterThan(972);
  expect(drawingOf([{ id: "a", ...at(0, 0) }], []).view).toMatchObject({ width: 880, height: 440 });
});

test("a connection to a node that is not there is left out", () => {
  const nodes = [{ id: "a" }, { id: "b", ...at(300, 0) }];
  const { lines } = drawingOf(nodes, [
    { source: "a", target: "b" },
    { source: "a", target: "gone" },
  ]);
  expect(lines.match(/M/g)).toHaveLength(1);
});

test("groups that name each other as parents end nothing", () => {
  const nodes = [
    { id: "a", parentId: "b", ...at(1, 0) },
    { id: "b", parentId: "a", ...at(2, 0) },
  ];
  expect(drawingOf(nodes, []).shapes.map(({ x }) => x)).toEqual([3, 3]);
});
