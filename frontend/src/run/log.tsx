import { useVirtualizer } from "@tanstack/react-virtual";
import { ArrowDownToLine } from "lucide-react";
import { useEffect, useMemo, useRef, useState } from "react";
import type { StreamedEvent } from "understudy-client";

import { useEditing } from "../editor/store.ts";
import { countOf, timeOfDay } from "../parts/amounts.ts";
import { Button } from "../parts/button.tsx";
import styles from "./log.module.css";
import { useNames } from "./names.ts";
import { recording, showMoment, useRun } from "./run.ts";
import { type Level, type Line, lineOf, nameOf, type Names } from "./words.ts";

const ROW = 24;
const LEVELS: readonly Level[] = ["debug", "info", "warning", "error"];
const CHOICES = {
  debug: "Everything",
  info: "Without progress and data",
  warning: "Warnings and errors",
  error: "Errors",
} as const;

interface Filter {
  readonly text: string;
  readonly level: Level;
  readonly isOfSelected: boolean;
}

/** All that happened in the execution, and what its nodes had to say. */
export function Log() {
  const hasExecution = useRun(({ latest }) => latest !== undefined);
  const [filter, setFilter] = useState<Filter>({ text: "", level: "info", isOfSelected: false });
  const lines = useLines(filter);
  if (!hasExecution) return <p className={styles.nothing}>Run the workflow, and all that happens is told here.</p>;
  return (
    <div className={styles.log}>
      <Filters filter={filter} count={lines.length} onChange={setFilter} />
      {lines.length === 0 ? <p className={styles.nothing}>No line fits the filter.</p> : <Lines lines={lines} />}
    </div>
  );
}

interface FiltersProps {
  readonly filter: Filter;
  readonly count: number;
  onChange(filter: Filter): void;
}

function Filters({ filter, count, onChange }: FiltersProps) {
  return (
    <div className={styles.filters} role="search" aria-label="Log">
      <input
        type="search"
        aria-label="Text in the log"
        placeholder="Filter …"
        value={filter.text}
        onChange={({ target }) => onChange({ ...filter, text: target.value })}
      />
      <select
        aria-label="Level"
        value={filter.level}
        onChange={({ target }) => onChange({ ...filter, level: target.value as Level })}
      >
        {Object.entries(CHOICES).map(([level, words]) => (
          <option key={level} value={level}>
            {words}
          </option>
        ))}
      </select>
      <label>
        <input
          type="checkbox"
          checked={filter.isOfSelected}
          onChange={({ target }) => onChange({ ...filter, isOfSelected: target.checked })}
        />
        Selected node only
      </label>
      <span className={styles.lines}>{countOf(count, "line")}</span>
    </div>
  );
}

/** The lines that fit a filter. */
function useLines(filter: Filter): readonly Line[] {
  const lastSeq = useRun((run) => run.lastSeq);
  const names = useNames();
  const selected = useEditing(({ nodes }) => nodes.find((node) => node.selected)?.id);
  return useMemo(() => {
    const isFit = fits(filter, selected, names);
    return linesOf(recording.events, names).slice(0, lastSeq).filter(isFit);
  }, [lastSeq, names, filter, selected]);
}

interface Told {
  readonly names: Names;
  readonly lines: Line[];
}

const told = new WeakMap<readonly StreamedEvent[], Told>();

/** Events in words. Only those that are new are put into words, unless a node has another name now. */
function linesOf(events: readonly StreamedEvent[], names: Names): readonly Line[] {
  const before = told.get(events);
  const lines = before?.names === names ? before.lines : [];
  for (const event of events.slice(lines.length)) lines.push(lineOf(event, names));
  told.set(events, { names, lines });
  return lines;
}

function fits({ text, level, isOfSelected }: Filter, selected: string | undefined, names: Names) {
  const words = text.trim().toLowerCase();
  const least = LEVELS.indexOf(level);
  return (line: Line): boolean =>
    LEVELS.indexOf(line.level) >= least &&
    (!isOfSelected || line.nodeId === selected) &&
    (words === "" ||
      `${line.nodeId ? nameOf(names, line.nodeId) : ""} ${line.iteration ?? ""} ${line.text}`
        .toLowerCase()
        .includes(words));
}

/** The lines in sight. The end is followed until somebody scrolls up. */
function Lines({ lines }: { readonly lines: readonly Line[] }) {
  const frame = useRef<HTMLDivElement>(null);
  const [isFollowing, setFollowing] = useState(true);

  const rows = useVirtualizer({
    count: lines.length,
    getScrollElement: () => frame.current,
    estimateSize: () => ROW,
    overscan: 12,
  });
  useEffect(() => {
    if (isFollowing) frame.current!.scrollTop = frame.current!.scrollHeight;
  }, [isFollowing, lines]);
  function look(): void {
    const { scrollTop, clientHeight, scrollHeight } = frame.current!;
    setFollowing(scrollTop + clientHeight >= scrollHeight - ROW);
  }
  return (
    <>
      <div ref={frame} className={styles.frame} tabIndex={0} role="group" aria-label="Lines of the log" onScroll={look}>
        <ol className={styles.list} style={{ height: rows.getTotalSize() }}>
          {rows.getVirtualItems().map(({ index, start }) => (
            <li
              key={lines[index]!.seq}
              className={styles.row}
              style={{ top: start }}
              aria-setsize={lines.length}
              aria-posinset={index + 1}
            >
              <LogLine line={lines[index]!} />
            </li>
          ))}
        </ol>
      </div>
      {!isFollowing && (
        <div className={styles.end}>
          <Button icon={ArrowDownToLine} onClick={() => setFollowing(true)}>
            To the end
          </Button>
        </div>
      )}
    </>
  );
}

function LogLine({ line }: { readonly line: Line }) {
  const isShown = useRun(({ shownSeq }) => shownSeq === line.seq);
  const isToCome = useRun(({ shownSeq }) => shownSeq !== undefined && shownSeq < line.seq);
  const name = nameOf(useNames(), line.nodeId ?? "");
  return (
    <button
      type="button"
      className={styles.line}
      data-level={line.level}
      data-to-come={isToCome}
      aria-current={isShown ? "step" : undefined}
      title={`Show this moment: ${line.text}`}
      onClick={() => showMoment(line.seq)}
    >
      <time dateTime={line.at}>{timeOfDay(line.at)}</time>
      <span className={styles.level}>{line.level}</span>
      {name && <strong>{name}</strong>}
      {line.iteration && <span className={styles.iteration}>{line.iteration}</span>}
      <span className={styles.text}>{line.text}</span>
    </button>
  );
}
