import { useEffect, useState } from "react";
import { useLocation } from "wouter";

import { listen } from "../api/live.ts";
import { useSaved } from "../editor/saving.ts";
import { notifyOf } from "../parts/notices.tsx";
import { type Command, obey, retry, type Start, start, step, stopClock } from "./commands.ts";
import { useRun } from "./run.ts";

const OVER = new Set<string | undefined>([undefined, "completed", "failed", "stopped"]);

/** What can be done with the workflow that is open, and with the execution of it that is shown. */
export interface Running {
  /** How the execution that is shown is now; nothing if none is. */
  readonly status: string | undefined;
  readonly isUnderWay: boolean;
  /** Whether something is being done, and nothing else can be until it is. */
  readonly isBusy: boolean;
  run(how?: Start): void;
  tell(command: Command): void;
  /** One thing further, on a clock that stands; a workflow that does not run is started so. */
  step(): void;
  retry(): void;
}

/** The buttons of a workflow, as functions. */
export function useRunning(workflowId: string): Running {
  const [isBusy, setBusy] = useState(false);
  const [, navigate] = useLocation();
  const save = useSaved();
  const id = useRun(({ latest }) => latest?.id);
  const status = useRun(({ latest }) => latest?.status);
  const isUnderWay = !OVER.has(status);

  function goTo(execution: { readonly id: string } | undefined): void {
    if (execution) navigate(`/workflows/${workflowId}/executions/${execution.id}`);
  }
  /** Do one thing at a time. */
  function once(act: () => Promise<void>): void {
    if (isBusy) return;
    setBusy(true);
    void act()
      .catch(notifyOf)
      .finally(() => setBusy(false));
  }
  async function run(how?: Start): Promise<void> {
    if (await save("It was not run")) goTo(await start(workflowId, how));
  }
  return {
    status,
    isUnderWay,
    isBusy,
    run: (how) => once(() => run(how)),
    tell: (command) =>
      once(async () => {
        if (id !== undefined) await obey(command, id);
      }),
    step: () => once(() => (isUnderWay && id !== undefined ? step(id) : stopClock().then(() => run()))),
    retry: () =>
      once(async () => {
        if (id !== undefined && (await save("It was not tried again"))) goTo(await retry(id));
      }),
  };
}

/** Where the page shows no execution, show the one that somebody else starts. */
export function useNewcomers(workflowId: string): void {
  const [place, navigate] = useLocation();
  const isOpen = place === `/workflows/${workflowId}`;
  useEffect(() => {
    if (!isOpen) return undefined;
    return listen(({ type, workflow_id, execution_id }) => {
      if (type !== "execution.started" || workflow_id !== workflowId || !OVER.has(useRun.getState().latest?.status))
        return;
      navigate(`/workflows/${workflowId}/executions/${execution_id}`);
    });
  }, [isOpen, workflowId, navigate]);
}
