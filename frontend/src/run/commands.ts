import { type Execution, ProblemError } from "understudy-client";

import { changeClock, tellClock, useClock } from "../api/clock.ts";
import { api } from "../api/client.ts";
import { control, mayDirect } from "../api/control.ts";
import { showInDock } from "../editor/view.ts";
import { notify, notifyOf } from "../parts/notices.tsx";

/** How an execution is to be started. */
export interface Start {
  readonly input?: unknown;
  readonly seed?: number;
  readonly hold?: boolean;
  readonly start_node?: string;
  readonly stop_node?: string;
}

const COMMANDS = {
  pause: (execution_id: string) => api.pauseExecution({ execution_id }),
  resume: (execution_id: string) => api.resumeExecution({ execution_id }),
  stop: (execution_id: string) => api.stopExecution({ execution_id }),
  release: (execution_id: string) => api.releaseExecution({ execution_id }),
} as const;

/** What an execution can be told to do. */
export type Command = keyof typeof COMMANDS;

/** Tell an execution what to do; a refusal is shown. */
export async function obey(command: Command, executionId: string): Promise<void> {
  await COMMANDS[command](executionId).then(() => undefined, notifyOf);
}

/** Start a workflow and give the execution; nothing if it is refused. What is wrong with the graph is shown then. */
export async function start(workflow_id: string, body: Start = {}): Promise<Execution | undefined> {
  try {
    return await api.executeWorkflow({ workflow_id, body });
  } catch (error) {
    if (error instanceof ProblemError && error.code === "cannot_run") tellIssues(error);
    else notifyOf(error);
    return undefined;
  }
}

/** Say why a graph cannot run, and show all that is wrong with it. */
function tellIssues({ errors, message }: ProblemError): void {
  showInDock("issues");
  notify(["The workflow cannot run.", errors[0]?.message ?? message].join(" "), "bad");
}

/** Execute once more what has ended, with the same input, and give the new execution. */
export async function retry(execution_id: string): Promise<Execution | undefined> {
  try {
    return await api.retryExecution({ execution_id });
  } catch (error) {
    notifyOf(error);
    return undefined;
  }
}

/** Stop the clock of the sandbox, unless it stands already. */
export async function stopClock(): Promise<void> {
  if (useClock.getState().told?.clock.pace !== "stopped") await changeClock({ pace: "stopped" });
}

/** Let the clock go on as it did before it stood. */
export async function startClock(): Promise<void> {
  if (!mayDirect()) return tellRefusal();
  await changeClock(useClock.getState().going).catch(notifyOf);
}

function tellRefusal(): void {
  notify("Only who may direct moves the clock. The director's panel asks for the control token.", "bad");
}

/** Stop the clock, and let time go on until the next thing happens in an execution. */
export async function step(execution_id: string): Promise<void> {
  if (!mayDirect()) return tellRefusal();
  try {
    await stopClock();
    // What the last advance has left untold would be told now, and time would not go on.
    await control.advanceClock({ body: { seconds: 0 } });
    const { now, reached } = await control.advanceClock({ body: { until: { execution_id } } });
    tellClock({ pace: "stopped", rate: 0, now });
    if (!reached) notify("Nothing happens in this execution within a day.");
  } catch (error) {
    notifyOf(error);
  }
}
