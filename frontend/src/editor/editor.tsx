import { useQuery } from "@tanstack/react-query";
import { ReactFlowProvider } from "@xyflow/react";
import { useEffect, useState } from "react";
import type { Workflow } from "understudy-client";

import { wordsOf } from "../parts/notices.tsx";
import { Approvals } from "../run/approval.tsx";
import { Controls } from "../run/controls.tsx";
import { Dock } from "../run/dock.tsx";
import { followExecution, showNoExecution } from "../run/run.ts";
import { Canvas } from "./canvas.tsx";
import { Conflict } from "./conflict.tsx";
import { hasUnplaced, type Placing } from "./document.ts";
import styles from "./editor.module.css";
import { Exchange } from "./exchange.tsx";
import { Inspector } from "./inspector.tsx";
import { Palette } from "./palette.tsx";
import { draftLeft, type OpenDraft } from "./left.ts";
import { Saver, type Served } from "./saver.ts";
import { SaverProvider, serverOf, useAutosave } from "./saving.ts";
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
  const [left] = useState(() => draftLeft(workflowId));
  const { data, error } = useQuery({
    queryKey: ["workflow", workflowId],
    queryFn: ({ signal }) => readWorkflow(workflowId, signal),
    // What is read again would take the place of what is edited.
    staleTime: "static",
    gcTime: 0,
    enabled: !left,
  });
  if (left) return <Open open={() => left} executionId={executionId} />;
  if (data) return <Open open={() => draftOf(data)} executionId={executionId ?? goingOn(data.workflow)} />;
  return <p className={styles.lost}>{error ? wordsOf(error) : "Opening …"}</p>;
}

interface Read extends Served {
  /** What gives nodes a place, if some had none. */
  readonly place: Placing | undefined;
}

function draftOf({ workflow, etag, place }: Read): OpenDraft {
  const store = createEditorStore(workflow, etag, place);
  return { store, saver: new Saver(store, serverOf(workflow.id)) };
}

interface OpenProps {
  readonly executionId: string | undefined;
  /** Asked once, and not again. */
  open(): OpenDraft;
}

function Open({ open, executionId }: OpenProps) {
  const [draft] = useState(open);
  const { store, saver } = draft;
  const { id } = store.getState().saved;
  useAutosave(draft);
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
              <Controls workflowId={id} />
            </div>
            {isPaletteOpen && <Palette />}
            <div className={styles.canvas}>
              <Canvas />
            </div>
            <Inspector />
            <Approvals />
            <Dock workflowId={id} />
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
    return () => {
      following.abort();
      showNoExecution();
    };
  }, [executionId]);
}

async function readWorkflow(id: string, signal: AbortSignal): Promise<Read> {
  const served = await serverOf(id).read(signal);
  const place = hasUnplaced(served.workflow) ? (await import("./layout.ts")).arranged : undefined;
  return { ...served, place };
}

function goingOn({ status, last_execution }: Workflow): string | undefined {
  return status === "running" || status === "waiting" || status === "paused" ? last_execution?.id : undefined;
}
