import { type EdgeProps, Position } from "@xyflow/react";

type Ends = Pick<EdgeProps, "sourceX" | "sourceY" | "targetX" | "targetY">;
type Sides = Pick<EdgeProps, "sourcePosition" | "targetPosition">;

/** How far a line swings out beside the nodes, and passes below them. */
const SWING = 56;
const BELOW = 72;
/** Nodes that are so far above each other leave room for a line between them. */
const ROOM = 180;

/** Whether a line leaves to the right for what is on the left, as the last one of a loop does. */
export function isBackward({ sourceX, targetX, sourcePosition, targetPosition }: Ends & Sides): boolean {
  return sourcePosition === Position.Right && targetPosition === Position.Left && targetX < sourceX;
}

/** A way around the nodes instead of through them, and its middle. */
export function pathAround({ sourceX, sourceY, targetX, targetY }: Ends): [path: string, x: number, y: number] {
  const isApart = Math.abs(sourceY - targetY) > ROOM;
  const y = isApart ? (sourceY + targetY) / 2 : Math.max(sourceY, targetY) + BELOW;
  const [right, left] = [sourceX + SWING, targetX - SWING];
  const back = `C ${right} ${sourceY} ${right} ${y} ${sourceX} ${y} L ${targetX} ${y}`;
  const path = `M ${sourceX} ${sourceY} ${back} C ${left} ${y} ${left} ${targetY} ${targetX} ${targetY}`;
  return [path, (sourceX + targetX) / 2, y];
}
