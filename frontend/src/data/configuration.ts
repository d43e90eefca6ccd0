import type { ChartConfiguration, ChartDataset, ChartOptions, ChartType } from "chart.js";

import { clear, type Colours } from "./colours.ts";
import { numbersOf, type Plot, type Series, ticksOf } from "./plot.ts";

const MANY = 60;
const POINTS = ["circle", "rect", "triangle", "rectRot", "star", "cross"] as const;

/** A chart as chart.js draws it. */
export function toConfiguration(plot: Plot, colours: Colours): ChartConfiguration {
  const datasets = plot.series.map((series, at) => toDataset(plot, series, at, colours));
  return {
    type: typeOf(plot),
    data: { labels: [...plot.labels], datasets },
    options: toOptions(plot, colours),
  };
}

/** Points whose places are no numbers stand side by side, as those of a line do. */
function typeOf({ style, labels }: Plot): ChartType {
  if (style === "scatter") return numbersOf(labels) ? "scatter" : "line";
  return style === "area" ? "line" : style;
}

function toDataset(plot: Plot, series: Series, at: number, { series: colours, ground }: Colours): ChartDataset {
  const colour = colours[at % colours.length]!;
  const isPie = plot.style === "pie";
  return {
    label: series.label,
    data: dataOf(plot, series),
    borderColor: isPie ? ground : colour,
    backgroundColor: isPie ? plot.labels.map((_, slice) => colours[slice % colours.length]!) : clear(colour),
    borderWidth: 2,
    ...marksOf(plot, at),
  } as ChartDataset;
}

function dataOf({ style, labels }: Plot, { values }: Series): unknown[] {
  const places = style === "scatter" ? numbersOf(labels) : undefined;
  return places ? places.map((x, at) => ({ x, y: values[at] ?? null })) : [...values];
}

/** How the points and lines of a series look. Its points have a shape, so that colour is not all that tells it. */
function marksOf({ style, labels }: Plot, at: number): object {
  const pointStyle = POINTS[at % POINTS.length];
  if (style === "scatter") return { showLine: false, pointRadius: 4, pointStyle };
  const pointRadius = labels.length > MANY ? 0 : 3;
  return style === "line" || style === "area" ? { pointRadius, pointStyle, fill: style === "area", tension: 0.2 } : {};
}

function toOptions(plot: Plot, { text, line }: Colours): ChartOptions {
  const isPie = plot.style === "pie";
  return {
    animation: false,
    maintainAspectRatio: false,
    color: text,
    interaction: isPie ? { mode: "nearest", intersect: true } : { mode: "index", intersect: false },
    scales: isPie ? {} : scalesOf(plot, text, line),
    plugins: {
      title: { display: plot.title !== "", text: plot.title, color: text },
      legend: { display: isPie || plot.series.length > 1, labels: { color: text, usePointStyle: true, boxHeight: 8 } },
    },
  };
}

function scalesOf(plot: Plot, text: string, line: string): NonNullable<ChartOptions["scales"]> {
  const scale = { grid: { color: line }, border: { color: line } };
  const ticks = { color: text, maxRotation: 40 };
  if (typeOf(plot) === "scatter") return { x: { ...scale, ticks }, y: { ...scale, ticks } };
  const names = ticksOf(plot.labels);
  return { x: { ...scale, ticks: { ...ticks, callback: (_, at) => names[at] ?? "" } }, y: { ...scale, ticks } };
}
