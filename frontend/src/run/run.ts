import { useMemo } from "react";
import type { Execution, NodeExecution, StreamedEvent } from "understudy-client";
import { create } from "zustand";

import { api } from "../api/client.ts";
import { notifyOf } from "../parts/notices.tsx";
import { type Delivery, type Moment, Recording } from "./recording.ts";

/** The execution that the editor shows, at the moment that it shows. */
export interface Run {
  readonly execution: Execution | undefined;
  /** The execution as it is now, whatever moment is shown. */
  readonly latest: Execution | undefined;
  readonly byNode: ReadonlyMap<string, NodeExecution>;
  readonly deliveries: ReadonlyMap<string, Delivery>;
  /** The number of the last event that is known. */
  readonly lastSeq: number;
  /** The number of the event after which it is shown; nothing while it follows what happens. */
  readonly shownSeq: number | undefined;
}

const NONE: Run = {
  execution: undefined,
  latest: undefined,
  byNode: new Map(),
  deliveries: new Map(),
  lastSeq: 0,
  shownSeq: undefined,
};

export const useRun = create<Run>()(() => NONE);

/** All events of the execution that is shown. */
export let recording = new Recording();

/** Follow an execution from its first event, until the signal. The page is told once a frame, however many came. */
export async function followExecution(execution_id: string, signal: AbortSignal): Promise<void> {
  recording = new Recording();
  useRun.setState(NONE);
  const following = recording;
  const teller = once(() => signal.aborted || tell(following));
  try {
    for await (const event of api.events({ execution_id, signal })) {
      following.add([event]);
      teller();
      if (event.type === "log.reset" && !(await isThere(execution_id))) return;
    }
  } catch (error) {
    if (!signal.aborted) notifyOf(error);
  }
}

/** Show the execution as it was after an event; nothing is as it is now. Of several within a frame the last is drawn. */
export function showMoment(seq: number | undefined): void {
  useRun.setState({ shownSeq: seq });
  draw();
}

const draw = once(() => useRun.setState(seen(recording.at(useRun.getState().shownSeq ?? Infinity))));

/** What happened to a node or over a connection up to the moment that is shown. It changes only with that. */
export function useEventsAbout(id: string): readonly StreamedEvent[] {
  const last = useRun(({ execution }) => execution && lastAbout(id, execution.last_seq));
  return useMemo(() => upTo(recording.about(id), last), [id, last]);
}

function lastAbout(id: string, seq: number): StreamedEvent | undefined {
  return recording.about(id).findLast((event) => (event.seq ?? 0) <= seq);
}

function upTo(events: readonly StreamedEvent[], last: StreamedEvent | undefined): readonly StreamedEvent[] {
  return last ? events.slice(0, events.indexOf(last) + 1) : [];
}

/** Show no execution. */
export function showNoExecution(): void {
  recording = new Recording();
  useRun.setState(NONE);
}

function tell(following: Recording): void {
  const { latest } = following;
  const { shownSeq } = useRun.getState();
  const isPast = shownSeq !== undefined && shownSeq <= latest.seq;
  useRun.setState({
    ...(!isPast && { ...seen(latest), shownSeq: undefined }),
    latest: latest.execution,
    lastSeq: latest.seq,
  });
}

/** Whether the sandbox has an execution. Asking for it alone would be refused if it has not. */
async function isThere(execution_id: string): Promise<boolean> {
  const { items } = await api.listExecutions({ q: execution_id });
  return items.some(({ id }) => id === execution_id);
}

function seen({ execution, deliveries }: Moment): Pick<Run, "execution" | "byNode" | "deliveries"> {
  return { execution, byNode: new Map(execution?.nodes.map((run) => [run.node_id, run])), deliveries };
}

/** A function that does something in the next frame, once for all the times that it was called until then. */
function once(act: () => unknown): () => void {
  let isDue = false;
  return () => {
    if (isDue) return;
    isDue = true;
    requestAnimationFrame(() => {
      isDue = false;
      act();
    });
  };
}
