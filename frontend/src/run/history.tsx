import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { Link } from "wouter";

import { api } from "../api/client.ts";
import styles from "./executions.module.css";
import { useRun } from "./run.ts";
import { ExecutionTable } from "./table.tsx";

const MOST = 50;

/** The latest executions of a workflow, as they change. */
export function useExecutionsOf(workflow_id: string) {
  return useQuery({
    queryKey: ["executions", "of", workflow_id],
    queryFn: ({ signal }) => api.listExecutions({ workflow_id, per_page: MOST, signal }),
    placeholderData: keepPreviousData,
  });
}

/** The executions of the workflow that is open, the newest first. */
export function WorkflowExecutions({ workflowId }: { readonly workflowId: string }) {
  const { data } = useExecutionsOf(workflowId);
  const shownId = useRun(({ latest }) => latest?.id);
  if (!data) return null;
  if (data.items.length === 0) return <p className={styles.nothing}>This workflow has not run yet.</p>;
  return (
    <>
      <ExecutionTable executions={data.items} shownId={shownId} isOfOneWorkflow />
      {data.total > data.items.length && (
        <p className={styles.nothing}>
          <Link href="/executions">{`All ${data.total.toLocaleString("en")} executions`}</Link>
        </p>
      )}
    </>
  );
}
