import { useMemo } from "react";

import { useNodeTypes } from "../api/node-types.ts";
import { countOf } from "./amounts.ts";
import { drawingOf, type Joined, type Placed, type Shape } from "./drawing.ts";
import styles from "./sketch.module.css";

interface SketchProps {
  readonly nodes: readonly Placed[];
  readonly connections: readonly Joined[];
}

/** A graph as a small picture: where its nodes are, in the colours of their types. It fills what is around it. */
export function Sketch({ nodes, connections }: SketchProps) {
  const { shapes, lines, view } = useMemo(() => drawingOf(nodes, connections), [nodes, connections]);
  const types = useNodeTypes();
  return (
    <svg
      className={styles.sketch}
      viewBox={`${view.x} ${view.y} ${view.width} ${view.height}`}
      role="img"
      aria-label={nameOf(nodes.length, connections.length)}
    >
      {shapes.map((shape) => (
        <Figure key={shape.id} shape={shape} color={types.get(shape.type)?.color ?? "var(--node)"} />
      ))}
      <path className={styles.lines} d={lines} />
    </svg>
  );
}

function Figure({ shape, color }: { readonly shape: Shape; readonly color: string }) {
  const { x, y, width, height } = shape;
  const rect = { x, y, width, height, rx: 14, style: { color } };
  return <rect className={shape.isGroup ? styles.group : styles.node} {...rect} />;
}

function nameOf(nodes: number, connections: number): string {
  return `A graph with ${countOf(nodes, "node")} and ${countOf(connections, "connection")}`;
}
