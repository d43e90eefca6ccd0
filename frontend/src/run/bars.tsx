import { durationOf } from "../parts/amounts.ts";
import { toneOf } from "../parts/status.tsx";
import type { Lane, Span } from "./lanes.ts";
import type { Scale } from "./timeline.tsx";
import styles from "./timeline.module.css";
import { iterationWords } from "./words.ts";

const LEAST_PX = 3;

/** What one node did, as bars. Their words are in the name of the row; where the pointer rests, there are more. */
export function Bars({ lane, scale }: { readonly lane: Lane; readonly scale: Scale }) {
  return (
    <div aria-hidden>
      {distinct(lane.spans, scale).map((span) => (
        <Bar
          key={`${span.kind} ${span.from} ${span.attempt} ${JSON.stringify(span.iteration)}`}
          span={span}
          scale={scale}
        />
      ))}
    </div>
  );
}

function Bar({ span, scale }: { readonly span: Span; readonly scale: Scale }) {
  const { from, end, perMs, label } = scale;
  const length = (span.to ?? end) - span.from;
  return (
    <div
      className={styles.bar}
      data-kind={span.kind}
      data-status={span.status}
      data-tone={toneOf(span.status)}
      title={titleOf(span, length)}
      style={{ left: label + (span.from - from) * perMs, width: Math.max(length * perMs, LEAST_PX) }}
    >
      {span.attempt > 1 && span.kind === "work" && <span className={styles.attempt}>{span.attempt}</span>}
    </div>
  );
}

/** The spans that can be told apart at this scale: of those that fall on the same pixels, the first, and whatever failed. */
function distinct(spans: readonly Span[], { from, end, perMs }: Scale): readonly Span[] {
  let drawn = -Infinity;
  return spans.filter((span) => {
    const right = ((span.to ?? end) - from) * perMs;
    const isSeen = right > drawn + 1 || (span.status === "failed" && right > drawn);
    if (isSeen) drawn = Math.max(right, (span.from - from) * perMs + LEAST_PX);
    return isSeen;
  });
}

function titleOf({ kind, status, attempt, iteration }: Span, length: number): string {
  const lasted = durationOf(length);
  const words = iterationWords(iteration);
  const what = {
    work: `Attempt ${attempt}, ${status}, ${lasted}`,
    delay: `Waited ${lasted} before the next attempt`,
    wait: `Waited ${lasted} for a person, ${status}`,
  }[kind];
  return words === undefined ? what : `${what}, ${words}`;
}
