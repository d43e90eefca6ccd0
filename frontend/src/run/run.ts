import type { Execution, NodeExecution } from "understudy-client";
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

/** Show the execution as it was after an event; nothing is as it is now. */
export function showMoment(seq: number | undefined): void {
  useRun.setState({ ...seen(recording.at(seq ?? Infinity)), shownSeq: seq });
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
  return (await api.listExecutions({ q: execution_id, per_page: 1 })).total > 0;
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
