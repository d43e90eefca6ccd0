import { createContext, use, useEffect, useState } from "react";
import type { WorkflowPatch } from "understudy-client";
import { useStore } from "zustand";

import { api, createClient } from "../api/client.ts";
import { listen } from "../api/live.ts";
import { notify } from "../parts/notices.tsx";
import { Saver, type Saving, type Server } from "./saver.ts";
import type { EditorStore } from "./store.ts";

const lasting = createClient((request) => fetch(request, { keepalive: true }));

const SaverContext = createContext<Saver | null>(null);
export const SaverProvider = SaverContext.Provider;

/** What saves the workflow that is open: `await useSaver().flush()` before something needs it saved. */
export function useSaver(): Saver {
  const saver = use(SaverContext);
  if (!saver) throw new Error("There is no editor around this.");
  return saver;
}

/** Whether the workflow that is open is saved. */
export function useSaving(): Saving {
  return useStore(useSaver().status);
}

/** A saver of a workflow that is open, at work as long as the component is there. */
export function useNewSaver(store: EditorStore): Saver {
  const [saver] = useState(() => new Saver(store, serverOf(store.getState().saved.id)));
  useEffect(() => saver.start(), [saver]);
  useEffect(() => hearOfOthers(store.getState().saved.id, saver), [store, saver]);
  useEffect(() => watchPage(saver), [saver]);
  return saver;
}

function serverOf(workflow_id: string): Server {
  return {
    async read() {
      const { data, response } = await api.getWorkflow({ workflow_id }).withResponse();
      return { workflow: data, etag: response.headers.get("ETag") ?? "" };
    },
    async save(body: WorkflowPatch, etag, isLast = false) {
      const sent = (isLast ? lasting : api).updateWorkflow({ workflow_id, body, headers: { "If-Match": etag } });
      const { data, response } = await sent.withResponse();
      return { workflow: data, etag: response.headers.get("ETag") ?? "" };
    },
    async create(body) {
      return (await api.createWorkflow({ body })).id;
    },
  };
}

function hearOfOthers(workflowId: string, saver: Saver): () => void {
  return listen((event) => {
    if (event.type === "log.reset") void saver.hear();
    if (event.type !== "workflow.changed" || event.workflow_id !== workflowId) return;
    if (event.data.change === "deleted") saver.lose();
    else void tellOf(saver.hear(event.data.revision), event.data.revision);
  });
}

async function tellOf(hearing: Promise<boolean>, revision: number): Promise<void> {
  if (await hearing) notify(`Somebody else has changed this workflow. You see revision ${revision} now.`);
}

/** What the browser says about the page and its connection matters to what is unsaved. */
function watchPage(saver: Saver): () => void {
  const watching = new AbortController();
  const { signal } = watching;
  addEventListener("online", () => void saver.flush(), { signal });
  addEventListener("pagehide", () => saver.leave(), { signal });
  addEventListener("beforeunload", (event) => !saver.mayLeave && event.preventDefault(), { signal });
  return () => watching.abort();
}
