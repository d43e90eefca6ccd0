import type { KeyboardEvent, PointerEvent } from "react";

import styles from "./dock.module.css";

const LEAST = 120;
const STEP = 24;

interface ResizerProps {
  readonly height: number;
  onChange(height: number): void;
}

/** The upper edge of the dock: drag it, or use the arrow keys, to make the dock higher or lower. */
export function Resizer({ height, onChange }: ResizerProps) {
  const most = Math.max(LEAST, innerHeight - 300);
  const change = (wanted: number) => onChange(Math.min(Math.max(wanted, LEAST), most));
  function drag(event: PointerEvent<HTMLDivElement>): void {
    if (event.currentTarget.hasPointerCapture(event.pointerId)) change(height - event.movementY);
  }
  function press(event: KeyboardEvent): void {
    const wanted = { ArrowUp: height + STEP, ArrowDown: height - STEP, Home: LEAST, End: most }[event.key];
    if (wanted === undefined) return;
    event.preventDefault();
    event.stopPropagation();
    change(wanted);
  }
  return (
    <div
      className={styles.resizer}
      role="separator"
      aria-label="Height of the panel"
      aria-orientation="horizontal"
      aria-valuenow={Math.round(height)}
      aria-valuemin={LEAST}
      aria-valuemax={most}
      tabIndex={0}
      onPointerDown={(event) => event.currentTarget.setPointerCapture(event.pointerId)}
      onPointerMove={drag}
      onKeyDown={press}
    />
  );
}
