import { inOneLine, isListOfObjects, isObject, type Members } from "./json.ts";
import { plotOf, type Plot } from "./plot.ts";

/** A value as a table. */
export interface Grid {
  readonly columns: readonly string[];
  readonly rows: readonly Members[];
  /** The member of the value that the rows come from, if they are not all of it. */
  readonly from?: string;
  /** The rows are the members of one object. */
  readonly isOfMembers?: true;
}

/** How a table is sorted; nothing is as the rows came. */
export interface Order {
  readonly column: string;
  readonly isDown: boolean;
}

/** Under these names nodes give lists. */
const LISTS = ["rows", "items", "data", "body", "messages", "texts", "files", "results", "matches"];
const MOST_COLUMNS = 60;
const words = new Intl.Collator("en", { numeric: true });

/** The table in a value; nothing if it is no list and no object. */
export function gridOf(value: unknown): Grid | undefined {
  const plot = plotOf(value);
  if (plot) return ofPlot(plot);
  if (isListOfObjects(value)) return ofList(value);
  if (Array.isArray(value) && value.length > 0) return ofList(value.map((item) => ({ value: item as unknown })));
  if (!isObject(value)) return undefined;
  const from = LISTS.find((name) => isListOfObjects(value[name]));
  if (from !== undefined) return { ...ofList(value[from] as readonly Members[]), from };
  return Object.keys(value).length > 0 ? ofMembers(value) : undefined;
}

/** The rows in another order; equal ones stay as they came, and what is missing comes last. */
export function sorted(rows: readonly Members[], order: Order | undefined): readonly Members[] {
  if (!order) return rows;
  const { column, isDown } = order;
  const [missing, held] = split(rows, (row) => row[column] === undefined || row[column] === null);
  const sign = isDown ? -1 : 1;
  return [...held.toSorted((one, other) => sign * compare(one[column], other[column])), ...missing];
}

/** The order after a click on the head of a column: up, down, and as the rows came. */
export function nextOrder(order: Order | undefined, column: string): Order | undefined {
  if (order?.column !== column) return { column, isDown: false };
  return order.isDown ? undefined : { column, isDown: true };
}

/** A table as CSV (RFC 4180), with the columns in its first line. */
export function toCsv({ columns, rows }: Grid): string {
  const lines = [columns, ...rows.map((row) => columns.map((column) => inFull(row[column])))];
  return lines.map((line) => line.map(quoted).join(",")).join("\r\n");
}

/** How wide each column is, in characters, told from the first rows. */
export function widthsOf({ columns, rows }: Grid): number[] {
  const first = rows.slice(0, 50);
  return columns.map((column) => {
    const longest = Math.max(column.length + 2, ...first.map((row) => inOneLine(row[column], 40).length));
    return Math.min(Math.max(longest, 5), 32);
  });
}

function ofList(rows: readonly Members[]): Grid {
  const columns = new Set<string>();
  for (const row of rows) for (const name of Object.keys(row)) if (columns.size < MOST_COLUMNS) columns.add(name);
  return { columns: [...columns], rows };
}

function ofMembers(members: Members): Grid {
  const rows = Object.entries(members).map(([field, value]) => ({ field, value }));
  return { columns: ["field", "value"], rows, isOfMembers: true };
}

/** A row for each place along the chart. */
function ofPlot({ labels, series }: Plot): Grid {
  const names = series.map(({ label }) => label);
  const rows = labels.map((label, at) => ({
    label,
    ...Object.fromEntries(series.map((one, place) => [names[place], one.values[at] ?? null])),
  }));
  return { columns: [...new Set(["label", ...names])], rows };
}

function compare(one: unknown, other: unknown): number {
  if (typeof one === "number" && typeof other === "number") return one - other;
  return words.compare(inOneLine(one), inOneLine(other));
}

function split<Item>(items: readonly Item[], isFirst: (item: Item) => boolean): [Item[], Item[]] {
  return [items.filter(isFirst), items.filter((item) => !isFirst(item))];
}

function inFull(cell: unknown): string {
  if (cell === undefined || cell === null) return "";
  return typeof cell === "string" ? cell : JSON.stringify(cell);
}

function quoted(cell: string): string {
  return /[",\r\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell;
}
