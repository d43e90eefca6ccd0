import { useVirtualizer } from "@tanstack/react-virtual";
import { ZoomIn, ZoomOut } from "lucide-react";
import { type KeyboardEvent, useRef, useState } from "react";
import type { StreamedEvent } from "understudy-client";

import { useNow } from "../api/clock.ts";
import { useEditing } from "../editor/store.ts";
import { useGoTo } from "../editor/moving.ts";
import { durationOf } from "../parts/amounts.ts";
import { Button } from "../parts/button.tsx";
import { marksOf, roomFor } from "./axis.ts";
import { Bars } from "./bars.tsx";
import { type Lane, Lanes } from "./lanes.ts";
import { useNames } from "./names.ts";
import { recording, type Run, useRun } from "./run.ts";
import styles from "./timeline.module.css";
import { nameOf } from "./words.ts";
import { useWidth } from "./width.ts";

const ROW = 28;
const LABELS = { wide: 200, narrow: 112 };
const MOST_ZOOM = 4096;
const PX_PER_MARK = 88;

const known = new WeakMap<readonly StreamedEvent[], Lanes>();

/** What the nodes of the execution did when: one row for each, in virtual time. */
export function Timeline() {
  const execution = useRun(({ latest }) => latest);
  if (!execution) return <p className={styles.nothing}>Run the workflow, and each node has a row here.</p>;
  return execution.finished_at === null ? <Growing /> : <Chart now={undefined} />;
}

function Growing() {
  return <Chart now={useNow()} />;
}

/** The lanes of a log as far as it goes. */
function lanesOf(events: readonly StreamedEvent[]): Lanes {
  let lanes = known.get(events);
  if (!lanes) known.set(events, (lanes = new Lanes()));
  lanes.follow(events);
  return lanes;
}

function Chart({ now }: { readonly now: number | undefined }) {
  useRun(({ lastSeq }) => lastSeq);
  const shownSeq = useRun((run) => run.shownSeq);
  const lanes = lanesOf(recording.events);
  const from = lanes.from ?? lanes.to;
  const end = Math.max(lanes.to, now ?? lanes.to);
  const [zoom, setZoom] = useState(1);
  const frame = useRef<HTMLDivElement>(null);
  const width = useWidth(frame);
  const label = width < 600 ? LABELS.narrow : LABELS.wide;
  const length = lanes.isOver ? Math.max(end - from, 1) : roomFor(end - from);
  const track = Math.max(width - label - 24, 80) * zoom;
  const scale: Scale = { from, end, perMs: track / length, track, label };
  const shownAt = shownSeq === undefined ? undefined : recording.events[shownSeq - 1]?.at;
  return (
    <div className={styles.chart}>
      <div ref={frame} className={styles.frame} style={{ "--label": `${label}px` } as React.CSSProperties}>
        <Axis length={length} scale={scale}>
          <Zoom zoom={zoom} onChange={setZoom} />
        </Axis>
        <Rows frame={frame} lanes={lanes.all} scale={scale}>
          {lanes.pauses.map((pause) => (
            <div
              key={pause.from}
              className={styles.pause}
              style={{ left: xOf(pause.from, scale), width: ((pause.to ?? end) - pause.from) * scale.perMs }}
              title={`Paused for ${durationOf((pause.to ?? end) - pause.from)}`}
            />
          ))}
          {shownAt !== undefined && (
            <div className={styles.marker} style={{ left: xOf(Date.parse(shownAt), scale) }} title="The moment shown" />
          )}
        </Rows>
      </div>
    </div>
  );
}

/** Where times are on the page. */
export interface Scale {
  readonly from: number;
  readonly end: number;
  readonly perMs: number;
  readonly track: number;
  readonly label: number;
}

function xOf(at: number, { from, perMs, label }: Scale): number {
  return label + (at - from) * perMs;
}

function Zoom({ zoom, onChange }: { readonly zoom: number; onChange(zoom: number): void }) {
  return (
    <div className={styles.zoom}>
      <Button
        icon={ZoomOut}
        look="quiet"
        isIconOnly
        disabled={zoom === 1}
        onClick={() => onChange(Math.max(zoom / 2, 1))}
      >
        Show more time
      </Button>
      <Button
        icon={ZoomIn}
        look="quiet"
        isIconOnly
        disabled={zoom >= MOST_ZOOM}
        onClick={() => onChange(Math.min(zoom * 2, MOST_ZOOM))}
      >
        Show less time
      </Button>
    </div>
  );
}

interface AxisProps {
  readonly length: number;
  readonly scale: Scale;
  readonly children: React.ReactNode;
}

function Axis({ length, scale, children }: AxisProps) {
  const all = marksOf(length, Math.max(Math.min(scale.track / PX_PER_MARK, 400), 2));
  return (
    <div className={styles.axis} style={{ width: scale.label + scale.track + 24 }}>
      <div className={styles.corner} title="Virtual time since the start">
        <span>Time</span>
        {children}
      </div>
      {all.map((mark) => (
        <span key={mark} aria-hidden className={styles.mark} style={{ left: scale.label + mark * scale.perMs }}>
          {mark === 0 ? "0" : durationOf(mark)}
        </span>
      ))}
    </div>
  );
}

interface RowsProps {
  readonly frame: React.RefObject<HTMLDivElement | null>;
  readonly lanes: readonly Lane[];
  readonly scale: Scale;
  readonly children: React.ReactNode;
}

/** The rows that are in sight. The arrow keys go from one to the next. */
function Rows({ frame, lanes, scale, children }: RowsProps) {
  const [current, setCurrent] = useState(0);
  const list = useRef<HTMLUListElement>(null);

  const rows = useVirtualizer({
    count: lanes.length,
    getScrollElement: () => frame.current,
    estimateSize: () => ROW,
    scrollPaddingStart: ROW,
    overscan: 8,
  });
  function goOn(event: KeyboardEvent): void {
    const last = lanes.length - 1;
    const wanted = { ArrowDown: current + 1, ArrowUp: current - 1, Home: 0, End: last }[event.key];
    if (wanted === undefined) return;
    event.preventDefault();
    const next = Math.min(Math.max(wanted, 0), last);
    setCurrent(next);
    rows.scrollToIndex(next);
    requestAnimationFrame(() => list.current?.querySelector<HTMLElement>(`[data-row="${next}"]`)?.focus());
  }
  return (
    <ul
      ref={list}
      className={styles.rows}
      style={{ height: rows.getTotalSize(), width: scale.label + scale.track + 24 }}
      aria-label="Nodes over time"
      onKeyDown={goOn}
    >
      {rows.getVirtualItems().map(({ index, start }) => (
        <li
          key={lanes[index]!.nodeId}
          className={styles.row}
          style={{ top: start }}
          aria-setsize={lanes.length}
          aria-posinset={index + 1}
        >
          <RowName lane={lanes[index]!} index={index} isCurrent={index === Math.min(current, lanes.length - 1)} />
          <Bars lane={lanes[index]!} scale={scale} />
        </li>
      ))}
      <li role="presentation" aria-hidden>
        {children}
      </li>
    </ul>
  );
}

interface RowNameProps {
  readonly lane: Lane;
  readonly index: number;
  readonly isCurrent: boolean;
}

function RowName({ lane, index, isCurrent }: RowNameProps) {
  const run = useRun(({ byNode }) => byNode.get(lane.nodeId));
  const isSelected = useEditing(({ nodes }) => nodes.some(({ id, selected }) => selected && id === lane.nodeId));
  const goTo = useGoTo();
  const name = nameOf(useNames(), lane.nodeId);
  return (
    <button
      type="button"
      data-row={index}
      data-status={run?.status ?? "idle"}
      className={styles.name}
      tabIndex={isCurrent ? 0 : -1}
      aria-pressed={isSelected}
      aria-label={`${name}: ${wordsOf(run, lane)}`}
      title={`${name}: ${wordsOf(run, lane)}`}
      onClick={() => goTo(lane.nodeId)}
    >
      <span>{name}</span>
    </button>
  );
}

type NodeRun = Run["byNode"] extends ReadonlyMap<string, infer One> ? One : never;

/** How a node did, in words. */
function wordsOf(run: NodeRun | undefined, { spans }: Lane): string {
  const iterations = new Set(spans.map(({ iteration }) => JSON.stringify(iteration))).size;
  const parts: string[] = [run?.status ?? "idle"];
  if (run?.duration_ms != null) parts.push(durationOf(run.duration_ms));
  if (run && run.attempt > 1) parts.push(`${run.attempt} attempts`);
  if (iterations > 1) parts.push(`${iterations} iterations`);
  return parts.join(", ");
}
