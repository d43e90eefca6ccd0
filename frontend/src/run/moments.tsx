import { ChevronLeft, ChevronRight, History, Pause, Play } from "lucide-react";
import { useEffect, useState } from "react";

import { timeOfDay } from "../parts/amounts.ts";
import { Button } from "../parts/button.tsx";
import styles from "./moments.module.css";
import { useNames } from "./names.ts";
import { nextMoment } from "./player.ts";
import { recording, showMoment, useRun } from "./run.ts";
import { sentenceOf } from "./words.ts";

const SPEEDS = [0.5, 1, 2, 5, 20] as const;

/** The slider that shows any past moment of the execution, by its events. */
export function Moments() {
  const lastSeq = useRun((run) => run.lastSeq);
  const shownSeq = useRun((run) => run.shownSeq);
  const [speed, setSpeed] = useState<number>(1);
  const [isPlaying, setPlaying] = useState(false);
  usePlayer(isPlaying, speed, setPlaying);
  const words = useWords(shownSeq ?? lastSeq);
  if (lastSeq === 0) return null;
  const seq = shownSeq ?? lastSeq;
  function go(to: number): void {
    setPlaying(false);
    showMoment(to >= lastSeq ? undefined : Math.max(to, 1));
  }
  function play(): void {
    if (!isPlaying && seq >= lastSeq) showMoment(1);
    setPlaying(!isPlaying);
  }
  return (
    <div className={styles.moments} data-past={shownSeq !== undefined} role="group" aria-label="Moments">
      <Button icon={isPlaying ? Pause : Play} look="quiet" isIconOnly onClick={play}>
        {isPlaying ? "Hold" : "Play from here"}
      </Button>
      <Button icon={ChevronLeft} look="quiet" isIconOnly disabled={seq <= 1} onClick={() => go(seq - 1)}>
        Previous event
      </Button>
      <input
        className={styles.slider}
        type="range"
        min={1}
        max={lastSeq}
        value={seq}
        aria-label="Moment"
        aria-valuetext={words.text}
        onChange={({ target }) => go(Number(target.value))}
      />
      <Button icon={ChevronRight} look="quiet" isIconOnly disabled={seq >= lastSeq} onClick={() => go(seq + 1)}>
        Next event
      </Button>
      <select
        className={styles.speed}
        aria-label="Speed"
        value={speed}
        onChange={({ target }) => setSpeed(Number(target.value))}
      >
        {SPEEDS.map((value) => (
          <option key={value} value={value}>{`${value}×`}</option>
        ))}
      </select>
      <span className={styles.words} title={words.text}>
        <b>{`${seq.toLocaleString("en")} / ${lastSeq.toLocaleString("en")}`}</b>
        <time dateTime={words.at}>{words.at && timeOfDay(words.at)}</time>
        <span>{words.sentence}</span>
      </span>
      {shownSeq !== undefined && (
        <span className={styles.past} role="status">
          <History size={14} aria-hidden />
          <span>The past is shown</span>
          <Button onClick={() => go(lastSeq)}>Back to now</Button>
        </span>
      )}
    </div>
  );
}

function useWords(seq: number): { readonly at: string; readonly sentence: string; readonly text: string } {
  const names = useNames();
  const event = recording.events[seq - 1];
  if (!event) return { at: "", sentence: "", text: "" };
  const sentence = sentenceOf(event, names);
  return { at: event.at, sentence, text: `Event ${seq}, ${timeOfDay(event.at)}, ${sentence}` };
}

/** Show one moment after the other while it plays. What comes in the meantime does not hold that up. */
function usePlayer(isPlaying: boolean, speed: number, setPlaying: (isPlaying: boolean) => void): void {
  const shownSeq = useRun((run) => run.shownSeq);
  useEffect(() => {
    if (!isPlaying) return undefined;
    const next = nextMoment(recording.events, shownSeq ?? useRun.getState().lastSeq, speed);
    const timer = setTimeout(() => {
      const isEnd = next === undefined || next.seq >= useRun.getState().lastSeq;
      showMoment(isEnd ? undefined : next.seq);
      if (isEnd) setPlaying(false);
    }, next?.delay ?? 0);
    return () => clearTimeout(timer);
  }, [isPlaying, shownSeq, speed, setPlaying]);
}
