import { RotateCcw, Square, Trash2 } from "lucide-react";
import { useState } from "react";
import type { ExecutionSummary } from "understudy-client";
import { Link, useLocation } from "wouter";

import { api } from "../api/client.ts";
import { queries } from "../api/queries.ts";
import { dayAndTimeOf, durationOf } from "../parts/amounts.ts";
import { Button } from "../parts/button.tsx";
import { Confirm } from "../parts/confirm.tsx";
import { notify } from "../parts/notices.tsx";
import { Status } from "../parts/status.tsx";
import { isFinal } from "../parts/statuses.ts";
import { obey, retry } from "./commands.ts";
import styles from "./executions.module.css";
import { modeOf } from "./words.ts";

interface ExecutionTableProps {
  readonly executions: readonly ExecutionSummary[];
  /** The execution that is open beside the table. */
  readonly shownId?: string | undefined;
  readonly isOfOneWorkflow?: boolean;
}

/** Executions, each with the way to it, and with what can be done with it. */
export function ExecutionTable({ executions, shownId, isOfOneWorkflow = false }: ExecutionTableProps) {
  const [doomed, setDoomed] = useState<ExecutionSummary>();
  return (
    <>
      <table className={styles.table}>
        <thead>
          <tr>
            <th scope="col">Execution</th>
            {!isOfOneWorkflow && <th scope="col">Workflow</th>}
            <th scope="col">Status</th>
            <th scope="col">Progress</th>
            <th scope="col">Started</th>
            <th scope="col">Created</th>
            <th scope="col">Time</th>
            <th scope="col">
              <span className="unseen">Actions</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {executions.map((execution) => (
            <Row
              key={execution.id}
              execution={execution}
              isShown={execution.id === shownId}
              isOfOneWorkflow={isOfOneWorkflow}
              onDelete={() => setDoomed(execution)}
            />
          ))}
        </tbody>
      </table>
      {doomed && <DeleteDialog execution={doomed} onClose={() => setDoomed(undefined)} />}
    </>
  );
}

interface RowProps {
  readonly execution: ExecutionSummary;
  readonly isShown: boolean;
  readonly isOfOneWorkflow: boolean;
  onDelete(): void;
}

function Row({ execution, isShown, isOfOneWorkflow, onDelete }: RowProps) {
  const { id, number, workflow_id, workflow_name, status, progress, mode, created_at, elapsed_ms, error } = execution;
  return (
    <tr className={styles.row} aria-current={isShown ? "true" : undefined}>
      <td>
        <Link href={`/workflows/${workflow_id}/executions/${id}`} className={styles.link} title={id}>
          {`#${number}`}
        </Link>
      </td>
      {!isOfOneWorkflow && (
        <td className={styles.name} title={workflow_name}>
          {workflow_name || "Untitled"}
        </td>
      )}
      <td className={styles.status} title={error?.message}>
        <Status status={status} />
      </td>
      <td className={styles.progress} title={`${progress.completed} of ${progress.total} nodes are done`}>
        {`${progress.percent} %`}
      </td>
      <td className={styles.mode}>{modeOf(mode)}</td>
      <td className={styles.created}>
        <time dateTime={created_at} title={`${created_at}, virtual time`}>
          {dayAndTimeOf(created_at)}
        </time>
      </td>
      <td className={styles.time}>{isFinal(status) ? durationOf(elapsed_ms) : "–"}</td>
      <td className={styles.actions}>
        <Actions execution={execution} onDelete={onDelete} />
      </td>
    </tr>
  );
}

function Actions({ execution, onDelete }: Pick<RowProps, "execution" | "onDelete">) {
  const [, navigate] = useLocation();
  const { id, number, status, workflow_id } = execution;
  if (!isFinal(status))
    return (
      <Button icon={Square} look="quiet" isIconOnly onClick={() => void obey("stop", id)}>
        {`Stop #${number}`}
      </Button>
    );
  async function again(): Promise<void> {
    const started = await retry(id);
    if (started) navigate(`/workflows/${workflow_id}/executions/${started.id}`);
  }
  return (
    <>
      <Button icon={RotateCcw} look="quiet" isIconOnly onClick={() => void again()}>
        {`Retry #${number}`}
      </Button>
      <Button icon={Trash2} look="quiet" isIconOnly onClick={onDelete}>
        {`Delete #${number}`}
      </Button>
    </>
  );
}

function DeleteDialog({ execution, onClose }: { readonly execution: ExecutionSummary; onClose(): void }) {
  async function remove(): Promise<void> {
    await api.deleteExecution({ execution_id: execution.id });
    notify(`Execution #${execution.number} is deleted.`);
    await queries.invalidateQueries({ queryKey: ["executions"] });
    onClose();
  }
  return (
    <Confirm
      title={`Delete execution #${execution.number}?`}
      action="Delete"
      icon={Trash2}
      onConfirm={remove}
      onClose={onClose}
    >
      <p>Its events, its data and its log are lost for good.</p>
    </Confirm>
  );
}
