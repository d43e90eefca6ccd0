import type { Execution } from "understudy-client";

import { isFinal } from "../parts/statuses.ts";

/** Milliseconds from the start of an execution to a moment, without its pauses; to its last event if the moment is unknown. */
export function elapsedOf(execution: Execution, now: number | undefined): number {
  const { started_at, status, status_history, elapsed_ms } = execution;
  if (now === undefined || started_at === null || isFinal(status) || status === "paused") return elapsed_ms;
  let pausedMs = 0;
  let pausedAt: number | undefined;
  for (const change of status_history) {
    if (pausedAt !== undefined) pausedMs += Date.parse(change.at) - pausedAt;
    pausedAt = change.status === "paused" ? Date.parse(change.at) : undefined;
  }
  return Math.max(now - Date.parse(started_at) - pausedMs, elapsed_ms);
}
