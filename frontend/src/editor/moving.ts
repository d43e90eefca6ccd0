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

/** How everything is brought into view: not larger than it is, and with some room around. */
export const WHOLE: FitViewOptions = { padding: 0.12, maxZoom: 1 };

/** Milliseconds that a movement of the canvas takes; none for those who want none. */
export function durationOf(ms: number): number {
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
  void view.fitView({ nodes, maxZoom: Math.max(view.getZoom(), 0.8), padding: 0.3, duration: durationOf(300) });
}
