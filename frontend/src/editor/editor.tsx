import { useQuery } from "@tanstack/react-query";
import { ReactFlowProvider } from "@xyflow/react";
import { useEffect, useState } from "react";
import type { Workflow } from "understudy-client";

import { api } from "../api/client.ts";
import { wordsOf } from "../parts/notices.tsx";
import { Controls } from "../run/controls.tsx";
import { Dock } from "../run/dock.tsx";
import { followExecution, showNoExecution } from "../run/run.ts";
import { Canvas } from "./canvas.tsx";
import { Conflict } from "./conflict.tsx";
import styles from "./editor.module.css";
import { Exchange } from "./exchange.tsx";
import { Inspector } from "./inspector.tsx";
import { Palette } from "./palette.tsx";
import { SaverProvider, useNewSaver } from "./saving.ts";
import { createEditorStore, EditorProvider } from "./store.ts";
import { Title } from "./title.tsx";
import { Tools } from "./tools.tsx";
import { useView } from "./view.ts";

interface EditorProps {
  readonly workflowId: string;
  /** The execution that is shown; nothing is the one that is going on, if there is one. */
  readonly executionId?: string;
}

/** The room in which a workflow is edited and run. */
export default function Editor({ workflowId, executionId }: EditorProps) {
  const { data, error } = useQuery({
    queryKey: ["workflow", workflowId],
    queryFn: ({ signal }) => readWorkflow(workflowId, signal),
    staleTime: Infinity,
    gcTime: 0,
  });
  if (error) return <p className={styles.lost}>{wordsOf(error)}</p>;
  if (!data) return <p className={styles.lost}>Opening …</p>;
  return <Open workflow={data.workflow} etag={data.etag} executionId={executionId ?? goingOn(data.workflow)} />;
}

interface OpenProps {
  readonly workflow: Workflow;
  readonly etag: string;
  readonly executionId: string | undefined;
}

function Open({ workflow, etag, executionId }: OpenProps) {
  const [store] = useState(() => createEditorStore(workflow, etag));
  const saver = useNewSaver(store);
  useFollowing(executionId);
  const { isPaletteOpen } = useView();
  return (
    <EditorProvider value={store}>
      <SaverProvider value={saver}>
        <ReactFlowProvider>
          <div className={styles.editor}>
            <div className={styles.bar}>
              <Title />
              <Tools />
              <Exchange />
              <Controls workflowId={workflow.id} />
            </div>
            {isPaletteOpen && <Palette />}
            <div className={styles.canvas}>
              <Canvas />
            </div>
            <Inspector />
            <Dock workflowId={workflow.id} />
          </div>
          <Conflict />
        </ReactFlowProvider>
      </SaverProvider>
    </EditorProvider>
  );
}

function useFollowing(executionId: string | undefined): void {
  useEffect(() => {
    if (executionId === undefined) return showNoExecution();
    const following = new AbortController();
    void followExecution(executionId, following.signal);
    return () => following.abort();
  }, [executionId]);
}

async function readWorkflow(workflow_id: string, signal: AbortSignal) {
  const { data, response } = await api.getWorkflow({ workflow_id, signal }).withResponse();
  return { workflow: data, etag: response.headers.get("ETag") ?? "" };
}

function goingOn({ status, last_execution }: Workflow): string | undefined {
  return status === "running" || status === "waiting" || status === "paused" ? last_execution?.id : undefined;
}
