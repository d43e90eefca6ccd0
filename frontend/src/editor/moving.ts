import {
  type Dimensions,
  type FitViewOptions,
  type ReactFlowInstance,
  useReactFlow,
  type Viewport,
} from "@xyflow/react";

import type { FlowNode } from "./flow.ts";
import { placeOf, sizeOf } from "./graph.ts";
import { useEditor } from "./store.ts";

/** Canvases that are narrower have no map; on those that are lower it is small. */
const NARROW = 560;
const LOW = 480;
/** The least zoom at which names can be read on a small screen. */
const READABLE = 0.5;
const MARGIN = 24;

/** How everything is brought into view: not larger than it is, and beside the map. */
export function wholeIn({ width, height }: Dimensions): FitViewOptions {
  if (width < NARROW) return { padding: `${MARGIN}px`, minZoom: READABLE, maxZoom: 1 };
  const free =
    height < LOW ? { x: 0.1, y: 0.1, right: "128px" as const } : { x: 0.08, y: 0.1, bottom: "144px" as const };
  return { padding: free, maxZoom: 1 };
}

/** Bring everything into view. Where there is no room for that, it is seen from its beginning on. */
export async function showWhole(view: ReactFlowInstance, screen: Dimensions, ms = 0): Promise<void> {
  const duration = motionMs(ms);
  await view.fitView({ ...wholeIn(screen), duration });
  const { x, y, width, height } = view.getNodesBounds(view.getNodes());
  const { zoom, ...seen } = view.getViewport();
  if (screen.width >= NARROW || width * zoom <= screen.width) return;
  const top = height * zoom <= screen.height ? seen.y : MARGIN - y * zoom;
  await view.setViewport({ x: MARGIN - x * zoom, y: top, zoom }, { duration });
}

/** Milliseconds that a movement of the canvas takes; none for those who want none. */
export function motionMs(ms: number): number {
  return matchMedia("(prefers-reduced-motion: reduce)").matches ? 0 : ms;
}

/** Whether at least half of the nodes are seen at a viewport that was kept, maybe by somebody with another screen. */
export function showsEnough(nodes: readonly FlowNode[], { x, y, zoom }: Viewport, screen: Dimensions): boolean {
  const isSeen = (node: FlowNode) => {
    const place = placeOf(node, nodes);
    const size = sizeOf(node);
    const [right, below] = [(place.x + size.width / 2) * zoom + x, (place.y + size.height / 2) * zoom + y];
    return right >= 0 && below >= 0 && right <= screen.width && below <= screen.height;
  };
  return nodes.filter(isSeen).length * 2 >= nodes.length;
}

/** A function that selects a node or connection, and brings it into view. */
export function useGoTo(): (id: string) => void {
  const editor = useEditor();
  const view = useReactFlow();
  return (id) => {
    editor.select(id);
    const edge = view.getEdge(id);
    show(view, edge ? [edge.source, edge.target] : [id]);
  };
}

function show(view: ReactFlowInstance, ids: readonly string[]): void {
  const nodes = ids.map((id) => ({ id }));
  void view.fitView({ nodes, maxZoom: Math.max(view.getZoom(), 0.8), padding: 0.3, duration: motionMs(300) });
}
