import { isObject, type Members, shortened } from "./json.ts";

const STYLES = ["line", "bar", "pie", "scatter", "area"] as const;

/** How a chart is drawn. */
type Style = (typeof STYLES)[number];

/** One row of numbers in a chart. Where there is no number, there is a gap. */
export interface Series {
  readonly label: string;
  readonly values: readonly (number | null)[];
}

/** A chart, as the nodes that make charts describe it. */
export interface Plot {
  readonly style: Style;
  readonly title: string;
  /** What each place along the chart is called. */
  readonly labels: readonly string[];
  readonly series: readonly Series[];
}

/** The chart in a value: `{type, title, labels, datasets}`; nothing if it is something else. */
export function plotOf(value: unknown): Plot | undefined {
  if (!isObject(value)) return undefined;
  const { type, title, labels, datasets } = value;
  const style = STYLES.find((known) => known === type);
  if (!style || !Array.isArray(datasets) || !datasets.length || !datasets.every(hasData)) return undefined;
  return {
    style,
    title: typeof title === "string" ? title : "",
    labels: labelsOf(labels, datasets),
    series: datasets.map(toSeries),
  };
}

function hasData(dataset: unknown): dataset is Members & { readonly data: readonly unknown[] } {
  return isObject(dataset) && Array.isArray(dataset["data"]);
}

/** What the chart calls its places; else where its first points are; else their numbers. */
function labelsOf(labels: unknown, datasets: readonly { readonly data: readonly unknown[] }[]): string[] {
  if (Array.isArray(labels) && labels.length) return labels.map(String);
  const longest = Math.max(...datasets.map(({ data }) => data.length));
  const points = datasets[0]!.data;
  return Array.from({ length: longest }, (_, at) => {
    const point = points[at];
    return String(isObject(point) ? point["x"] : at + 1);
  });
}

function toSeries({ label, data }: Members & { readonly data: readonly unknown[] }, at: number): Series {
  return { label: typeof label === "string" ? label : `Series ${at + 1}`, values: data.map(toNumber) };
}

/** The number of a point, which is one itself, or the `y` of one. */
function toNumber(point: unknown): number | null {
  const held = isObject(point) ? point["y"] : point;
  return typeof held === "number" && Number.isFinite(held) ? held : null;
}

const MOMENT = /^\d{4}-\d\d-\d\dT\d\d:\d\d/;
const LONGEST = 18;

/** The labels as they stand along an axis: short, and of moments only what tells them apart. */
export function ticksOf(labels: readonly string[]): readonly string[] {
  if (!labels.every((label) => MOMENT.test(label))) return labels.map((label) => shortened(label, LONGEST));
  const isOneDay = new Set(labels.map((label) => label.slice(0, 10))).size === 1;
  return labels.map((label) => label.slice(isOneDay ? 11 : 5, 16).replace("T", " "));
}

/** The labels as numbers, if all of them are. */
export function numbersOf(labels: readonly string[]): readonly number[] | undefined {
  const numbers = labels.map((label) => (label.trim() === "" ? NaN : Number(label)));
  return numbers.every(Number.isFinite) ? numbers : undefined;
}
