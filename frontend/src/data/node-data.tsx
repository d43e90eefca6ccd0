import { Pin } from "lucide-react";
import { useMemo, useState } from "react";

import type { Ports } from "../editor/ports.ts";
import { useEditing, useEditor } from "../editor/store.ts";
import { durationOf, timeOfDay } from "../parts/amounts.ts";
import { Button } from "../parts/button.tsx";
import { Facts } from "../parts/facts.tsx";
import { notify } from "../parts/notices.tsx";
import { Status } from "../parts/status.tsx";
import { useEventsAbout, useRun } from "../run/run.ts";
import { type Attempt, type Visit, visitsOf } from "./attempts.ts";
import { portName, useNodePorts } from "./node-ports.ts";
import { Failure, Logs } from "./outcome.tsx";
import styles from "./panel.module.css";
import { Hint, Part } from "./part.tsx";
import { isPinned, pinned, unpinned } from "./pin.ts";
import { PortValues } from "./port-values.tsx";
import { Stepper } from "./stepper.tsx";
import { iterationOf } from "../run/words.ts";

/** What a node took and gave in the execution that is shown. */
export default function NodeData({ nodeId }: { readonly nodeId: string }) {
  const events = useEventsAbout(nodeId);
  const visits = useMemo(() => visitsOf(events, nodeId), [events, nodeId]);
  return (
    <div className={styles.panel}>
      <Pinned nodeId={nodeId} />
      {visits.length > 0 ? <Visits key={nodeId} nodeId={nodeId} visits={visits} /> : <NotYet nodeId={nodeId} />}
    </div>
  );
}

/** Why there is nothing to see, and what to do about it. */
function NotYet({ nodeId }: { readonly nodeId: string }) {
  const execution = useRun((run) => run.execution);
  const isKnown = useRun(({ byNode }) => byNode.has(nodeId));
  if (!execution) return <Hint>Nothing has run yet. Run the workflow to see what this node takes and gives.</Hint>;
  if (!isKnown) return <Hint>This node is no part of the execution that is shown.</Hint>;
  if (execution.finished_at) return <Hint>The execution ended before it came to this node.</Hint>;
  return <Hint>The execution has not come to this node yet.</Hint>;
}

function Pinned({ nodeId }: { readonly nodeId: string }) {
  const { act } = useEditor();
  const isIt = useEditing(({ nodes }) => nodes.some((node) => node.id === nodeId && isPinned(node)));
  if (!isIt) return null;
  return (
    <div className={styles.pinned}>
      <span>The output is pinned: the next executions use it.</span>
      <Button onClick={() => act((flow) => unpinned(flow, nodeId))}>Unpin</Button>
    </div>
  );
}

interface VisitsProps {
  readonly nodeId: string;
  readonly visits: readonly Visit[];
}

/** One iteration and one attempt: the latest, until another one is chosen. */
function Visits({ nodeId, visits }: VisitsProps) {
  const [chosenVisit, chooseVisit] = useState<number>();
  const [chosenAttempt, chooseAttempt] = useState<number>();
  const at = Math.min(chosenVisit ?? Infinity, visits.length - 1);
  const visit = visits[at]!;
  const last = visit.attempts.length - 1;
  const attemptAt = Math.min(chosenAttempt ?? Infinity, last);
  const goTo = (next: number) => {
    chooseVisit(next === visits.length - 1 ? undefined : next);
    chooseAttempt(undefined);
  };
  return (
    <>
      {visits.length > 1 && <Stepper label="Iteration" at={at} count={visits.length} onChange={goTo} />}
      {last > 0 && (
        <Stepper
          label="Attempt"
          at={attemptAt}
          count={last + 1}
          onChange={(next) => chooseAttempt(next === last ? undefined : next)}
        />
      )}
      <Tried nodeId={nodeId} visit={visit} attempt={visit.attempts[attemptAt]!} />
    </>
  );
}

interface TriedProps {
  readonly nodeId: string;
  readonly visit: Visit;
  readonly attempt: Attempt;
}

/** What came of one attempt. */
function Tried({ nodeId, visit, attempt }: TriedProps) {
  const ports = useNodePorts(nodeId);
  const { input, output, error, logs } = attempt;
  const isSkipped = attempt.status === "skipped";
  return (
    <>
      <About visit={visit} attempt={attempt} outputs={ports.outputs} />
      {error && <Failure error={error} delayMs={attempt.delayMs} />}
      {!isSkipped && (
        <Part title="Output">
          {output ? (
            <PortValues side="Output" nodeId={nodeId} ports={ports.outputs} values={output} />
          ) : (
            <NoOutput {...attempt} />
          )}
          {output && <PinButton nodeId={nodeId} output={output} />}
        </Part>
      )}
      {input && (
        <Part title="Input">
          <PortValues side="Input" nodeId={nodeId} ports={ports.inputs} values={input} />
        </Part>
      )}
      {logs.length > 0 && <Logs logs={logs} />}
    </>
  );
}

function NoOutput({ status }: Pick<Attempt, "status">) {
  if (status === "running") return <Hint>The node is at work.</Hint>;
  return <Hint>{status === "waiting" ? "The node waits for an answer." : "Nothing left this node."}</Hint>;
}

function PinButton({ nodeId, output }: { readonly nodeId: string; readonly output: NonNullable<Attempt["output"]> }) {
  const { act } = useEditor();
  function pin() {
    act((flow) => pinned(flow, nodeId, output));
    notify("The output is pinned. The next executions use it.");
  }
  return (
    <div className={styles.foot}>
      <Button icon={Pin} onClick={pin}>
        Use this output next time
      </Button>
    </div>
  );
}

interface AboutProps extends Omit<TriedProps, "nodeId"> {
  readonly outputs: Ports["outputs"];
}

/** Milliseconds from its start to its end. */
function tookOf({ startedAt, finishedAt, durationMs }: Attempt): number | undefined {
  if (durationMs !== null) return durationMs;
  return startedAt && finishedAt ? Date.parse(finishedAt) - Date.parse(startedAt) : undefined;
}

function About({ visit: { iteration }, attempt, outputs }: AboutProps) {
  const { status, startedAt, branch, origin } = attempt;
  const took = tookOf(attempt);
  return (
    <>
      <Facts
        facts={{
          Status: <Status status={status} />,
          Took: took === undefined ? null : durationOf(took),
          Started: startedAt && <Time at={startedAt} />,
          Outcome: origin === "mocked" ? "Pinned (mock)" : "Simulated",
          Branch: branch && portName(outputs, branch),
          Iteration: iterationOf(iteration),
        }}
      />
      {status === "skipped" && <Hint>The node was skipped: nothing came by any of its connections.</Hint>}
    </>
  );
}

function Time({ at }: { readonly at: string }) {
  return (
    <time dateTime={at} title={at}>
      {timeOfDay(at)}
    </time>
  );
}
