import { Timer, TimerOff } from "lucide-react";
import type { Execution } from "understudy-client";

import { useClock, useNow } from "../api/clock.ts";
import { useGoTo } from "../editor/moving.ts";
import { countOf, durationOf, timeOfDay } from "../parts/amounts.ts";
import { Button } from "../parts/button.tsx";
import { Status } from "../parts/status.tsx";
import { isFinal } from "../parts/statuses.ts";
import { startClock } from "./commands.ts";
import { elapsedOf } from "./elapsed.ts";

import { useNames } from "./names.ts";
import { useRun } from "./run.ts";
import styles from "./summary.module.css";
import { nameOf } from "./words.ts";

/** How the execution that is shown is going: its status, how far it is, and how long that took. */
export function Summary() {
  const execution = useRun((run) => run.execution);
  const isPast = useRun(({ shownSeq }) => shownSeq !== undefined);
  if (!execution)
    return <p className={styles.nothing}>No execution is shown. Run the workflow, or choose one under Executions.</p>;
  return (
    <div className={styles.summary}>
      <Status status={execution.status} />
      <Progress execution={execution} />
      <span className={styles.time} title="Virtual time since the start, without pauses">
        {isPast || isFinal(execution.status) ? durationOf(execution.elapsed_ms) : <Elapsed execution={execution} />}
      </span>
      <Outdated execution={execution} />
      {execution.error && <Failure error={execution.error} />}
      {!isPast && <Standing />}
    </div>
  );
}

/** Says that the graph was another one, where that can be seen. */
function Outdated({ execution: { nodes, workflow_revision } }: { readonly execution: Execution }) {
  const names = useNames();
  const missing = nodes.filter(({ node_id }) => !names.has(node_id)).length;
  if (missing === 0) return null;
  return (
    <span className={styles.outdated}>
      {`Of revision ${workflow_revision}: ${countOf(missing, "node")} of it ${missing === 1 ? "is" : "are"} not in the graph now`}
    </span>
  );
}

function Progress({ execution: { progress } }: { readonly execution: Execution }) {
  const { completed, total, percent } = progress;
  return (
    <span className={styles.progress} title={`${completed} of ${total} nodes are done`}>
      <progress value={percent} max={100} aria-label="Progress" />
      {`${percent} %`}
    </span>
  );
}

function Elapsed({ execution }: { readonly execution: Execution }) {
  return durationOf(elapsedOf(execution, useNow()));
}

function Failure({ error }: { readonly error: NonNullable<Execution["error"]> }) {
  const goTo = useGoTo();
  const names = useNames();
  const { node_id, message } = error;
  if (!node_id) return <span className={styles.error}>{message}</span>;
  return (
    <button type="button" className={styles.error} title={message} onClick={() => goTo(node_id)}>
      {`${nameOf(names, node_id)}: ${message}`}
    </button>
  );
}

/** Says that time does not go by, and so nothing goes on or would, where that is so. */
function Standing() {
  const clock = useClock(({ told }) => told?.clock);
  const isStanding = clock?.pace === "stopped" || clock?.pace === "auto";
  if (!clock || !isStanding) return null;
  return (
    <span className={styles.standing} role="status">
      <TimerOff size={14} aria-hidden />
      <span className={styles.words}>{`The clock stands still at ${timeOfDay(clock.now)}`}</span>
      <Button icon={Timer} look="quiet" onClick={() => void startClock()}>
        Let it go on
      </Button>
    </span>
  );
}
