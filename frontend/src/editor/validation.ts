import { useEffect } from "react";
import type { Issue } from "understudy-client";
import { create } from "zustand";

import { api } from "../api/client.ts";
import { notifyOf } from "../parts/notices.tsx";
import { documentOf } from "./document.ts";
import { isSameFlow } from "./flow.ts";
import { grouped } from "./lists.ts";
import { type EditorStore, useEditor } from "./store.ts";

/** What is wrong with the graph that is open, as it is drawn. */
export interface Issues {
  /** Nothing until the server has looked at it. */
  readonly issues: readonly Issue[] | undefined;
  readonly byNode: ReadonlyMap<string, readonly Issue[]>;
  readonly byConnection: ReadonlyMap<string, readonly Issue[]>;
}

const UNKNOWN: Issues = { issues: undefined, byNode: new Map(), byConnection: new Map() };
const SETTLE_MS = 400;

export const useIssues = create<Issues>()(() => UNKNOWN);

/** The severities, the worst first. */
export const SEVERITIES = ["error", "warning", "info"] as const;

/** The worst severity among some issues. */
export function worstOf(issues: readonly Issue[] | undefined): Issue["severity"] | undefined {
  return SEVERITIES.find((severity) => issues?.some((issue) => issue.severity === severity));
}

/** Ask the server what is wrong with the graph as it is drawn, again after each change. */
export function useValidation(): void {
  const editor = useEditor();
  useEffect(() => {
    const watching = watch(editor);
    return () => {
      watching();
      useIssues.setState(UNKNOWN);
    };
  }, [editor]);
}

function watch(editor: EditorStore): () => void {
  let asking = new AbortController();
  let timer: number | undefined;
  const ask = () => {
    asking.abort();
    asking = new AbortController();
    void validate(editor, asking.signal);
  };
  const stop = editor.subscribe((now, before) => {
    if (isSameFlow(now, before)) return;
    clearTimeout(timer);
    timer = window.setTimeout(ask, SETTLE_MS);
  });
  ask();
  return () => {
    stop();
    clearTimeout(timer);
    asking.abort();
  };
}

async function validate(editor: EditorStore, signal: AbortSignal): Promise<void> {
  const editing = editor.getState();
  const { nodes, connections } = documentOf(editing, editing.origins);
  try {
    const body = { nodes, connections };
    const { issues } = await api.validateWorkflow({ workflow_id: editing.saved.id, body, signal });
    if (!signal.aborted) useIssues.setState(indexed(issues));
  } catch (error) {
    if (!signal.aborted) notifyOf(error);
  }
}

function indexed(issues: readonly Issue[]): Issues {
  const of = (name: "node_id" | "connection_id") =>
    new Map([...grouped(issues, (issue) => issue[name])].filter((entry): entry is [string, Issue[]] => !!entry[0]));
  return { issues, byNode: of("node_id"), byConnection: of("connection_id") };
}
