/** A node as far as a drawing needs it: as the API keeps it, or as React Flow has it. */
export interface Placed {
  readonly id: string;
  readonly type?: string | null | undefined;
  readonly position?: { readonly x: number; readonly y: number } | undefined;
  readonly parentId?: string | null | undefined;
  readonly width?: unknown;
  readonly height?: unknown;
  readonly style?: unknown;
}

/** A connection as far as a drawing needs it. */
export interface Joined {
  readonly source: string;
  readonly target: string;
}

/** A rectangle on the canvas. */
interface Rect {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** A node in a drawing. */
export interface Shape extends Rect {
  readonly id: string;
  readonly type: string;
  /** Whether it lies behind others. */
  readonly isGroup: boolean;
}

/** A graph that is ready to be drawn. */
interface Drawing {
  /** Groups first, so that what is in them lies on top. */
  readonly shapes: readonly Shape[];
  /** All connections as one SVG path. */
  readonly lines: string;
  readonly view: Rect;
}

const NODE = { width: 200, height: 72 };
const GROUP = { width: 480, height: 280 };
const MARGIN = 40;
/** What is small is not blown up further than this. */
const LEAST = { width: 880, height: 440 };

/** Where everything in a graph lies. */
export function drawingOf(nodes: readonly Placed[], connections: readonly Joined[]): Drawing {
  const byId = new Map(nodes.map((node) => [node.id, node]));
  const parents = new Set(nodes.map((node) => node.parentId));
  const shapes = nodes.map((node) => shapeOf(node, byId, parents));
  const shapesById = new Map(shapes.map((shape) => [shape.id, shape]));
  return {
    shapes: shapes.toSorted((one, other) => Number(other.isGroup) - Number(one.isGroup)),
    lines: connections.map((connection) => lineOf(connection, shapesById)).join(""),
    view: viewOf(shapes),
  };
}

function shapeOf(node: Placed, byId: ReadonlyMap<string, Placed>, parents: ReadonlySet<unknown>): Shape {
  const isGroup = node.type === "group" || parents.has(node.id);
  const usual = isGroup ? GROUP : NODE;
  const { width, height } = { width: sizeOf(node, "width"), height: sizeOf(node, "height") };
  return {
    id: node.id,
    type: node.type ?? "default",
    isGroup,
    ...placeOf(node, byId),
    width: width ?? usual.width,
    height: height ?? usual.height,
  };
}

/** Where a node lies on the canvas: its own place counts from the corner of its group. */
function placeOf(node: Placed, byId: ReadonlyMap<string, Placed>): { x: number; y: number } {
  const place = { x: 0, y: 0 };
  const seen = new Set<Placed>();
  for (let at: Placed | undefined = node; at && !seen.has(at); at = byId.get(at.parentId ?? "")) {
    seen.add(at);
    place.x += at.position?.x ?? 0;
    place.y += at.position?.y ?? 0;
  }
  return place;
}

/** What a node says of its own size, in pixels. */
function sizeOf(node: Placed, side: "width" | "height"): number | undefined {
  const style = (node.style ?? {}) as Readonly<Record<string, unknown>>;
  const sizes = [node[side], style[side]].map((size) => (typeof size === "string" ? parseFloat(size) : size));
  return sizes.find((size): size is number => typeof size === "number" && size > 0);
}

/** A line from the right side of one node to the left side of the other; nothing if one is not there. */
function lineOf({ source, target }: Joined, shapes: ReadonlyMap<string, Shape>): string {
  const [from, to] = [shapes.get(source), shapes.get(target)];
  if (!from || !to) return "";
  const [x1, y1] = [from.x + from.width, from.y + from.height / 2];
  const [x2, y2] = [to.x, to.y + to.height / 2];
  const bend = Math.max(Math.abs(x2 - x1) / 2, 40);
  return `M${x1} ${y1}C${x1 + bend} ${y1} ${x2 - bend} ${y2} ${x2} ${y2}`;
}

function viewOf(shapes: readonly Shape[]): Rect {
  if (!shapes.length) return { x: 0, y: 0, ...LEAST };
  const least = (of: (shape: Shape) => number) => shapes.reduce((low, shape) => Math.min(low, of(shape)), Infinity);
  const [left, top] = [least((shape) => shape.x), least((shape) => shape.y)];
  const across = -least((shape) => -shape.x - shape.width) - left;
  const down = -least((shape) => -shape.y - shape.height) - top;
  const width = Math.max(across + 2 * MARGIN, LEAST.width);
  const height = Math.max(down + 2 * MARGIN, LEAST.height);
  return { x: left - (width - across) / 2, y: top - (height - down) / 2, width, height };
}
