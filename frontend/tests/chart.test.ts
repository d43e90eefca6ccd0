import { expect, test } from "vitest";

import { toConfiguration } from "../src/data/configuration.ts";
import { plotOf, ticksOf } from "../src/data/plot.ts";

const COLOURS = { text: "rgb(1, 1, 1)", line: "rgb(2, 2, 2)", ground: "rgb(3, 3, 3)", series: ["rgb(4, 4, 4)"] };
const chart = (more: object) => ({
  type: "line",
  title: "T",
  labels: ["a", "b"],
  datasets: [{ data: [1, 2] }],
  ...more,
});

test("a chart is what chart nodes give, and nothing else", () => {
  expect(plotOf(chart({}))?.series).toEqual([{ label: "Series 1", values: [1, 2] }]);
  for (const other of [
    null,
    [],
    {},
    chart({ type: "radar" }),
    chart({ datasets: [] }),
    chart({ datasets: [{ data: 1 }] }),
  ])
    expect(plotOf(other)).toBeUndefined();
});

test("what is no number is a gap", () => {
  const plot = plotOf(chart({ datasets: [{ label: "x", data: [1, "2", null, { x: 1, y: 4 }] }] }));
  expect(plot?.series[0]?.values).toEqual([1, null, null, 4]);
});

test("a chart without labels has the places of its points", () => {
  const points = [
    { x: 5, y: 1 },
    { x: 7, y: 2 },
  ];
  expect(plotOf(chart({ type: "scatter", labels: [], datasets: [{ data: points }] }))?.labels).toEqual(["5", "7"]);
  expect(plotOf(chart({ labels: undefined }))?.labels).toEqual(["1", "2"]);
});

test("points with numbers for places are drawn there, others side by side", () => {
  const drawn = (labels: string[]) => toConfiguration(plotOf(chart({ type: "scatter", labels }))!, COLOURS);
  expect(drawn(["5", "7"]).data.datasets[0]?.data).toEqual([
    { x: 5, y: 1 },
    { x: 7, y: 2 },
  ]);
  expect(drawn(["mon", "tue"]).data.datasets[0]?.data).toEqual([1, 2]);
});

test("an axis tells moments apart and no more", () => {
  expect(ticksOf(["2026-01-01T09:00:00Z", "2026-01-01T09:05:00Z"])).toEqual(["09:00", "09:05"]);
  expect(ticksOf(["2026-01-01T09:00:00Z", "2026-01-02T09:00:00Z"])).toEqual(["01-01 09:00", "01-02 09:00"]);
  expect(ticksOf(["a".repeat(40)])[0]).toHaveLength(18);
});
