import { createContext, use, useCallback, useEffect } from "react";
import type { WorkflowPatch } from "understudy-client";
import { navigate } from "wouter/use-hash-location";
import { useStore } from "zustand";

import { api, createClient } from "../api/client.ts";
import { listen } from "../api/live.ts";
import { notify } from "../parts/notices.tsx";
import { leaveDraft, type OpenDraft, takeUp } from "./left.ts";
import type { Saver, Saving, Server } from "./saver.ts";

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

/** Saves before something needs it saved: whether all is. If not, it says what cannot be done. */
export function useSaved(): (refusal: string) => Promise<boolean> {
  const saver = useSaver();
  return useCallback(
    async (refusal) => {
      const isSaved = await saver.flush();
      if (!isSaved) notify(`${refusal}, because your latest changes could not be saved.`, "bad");
      return isSaved;
    },
    [saver],
  );
}

/** Save a workflow that is open as long as the component is there, and what is unsaved when it goes. */
export function useAutosave(draft: OpenDraft): void {
  useEffect(() => {
    const { store, saver } = draft;
    const { id } = store.getState().saved;
    const ends = [saver.start(), hearOfOthers(id, saver), watchPage(saver)];
    takeUp(id);
    return () => {
      ends.forEach((end) => end());
      void leaveDraft(draft);
    };
  }, [draft]);
}

/** Where a workflow is kept: behind the API. */
export function serverOf(workflow_id: string): Server {
  return {
    async isThere() {
      for (let page = 1, pages = 1; page <= pages; page++) {
        const found = await api.listWorkflows({ page, per_page: 100 });
        if (found.items.some(({ id }) => id === workflow_id)) return true;
        pages = found.pages;
      }
      return false;
    },
    async read(signal) {
      const { data, response } = await api.getWorkflow({ workflow_id, ...(signal && { signal }) }).withResponse();
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
    if (event.type === "log.reset") void followReset(saver);
    if (event.type !== "workflow.changed" || event.workflow_id !== workflowId) return;
    if (event.data.change === "deleted") saver.lose();
    else void tellOf(saver.hear(event.data.revision), event.data.revision);
  });
}

/** Who has nothing to lose goes to the list if the workflow is gone with its sandbox. */
async function followReset(saver: Saver): Promise<void> {
  if ((await saver.hearOfReset()) || saver.hasUnsaved) return;
  saver.end();
  notify("The sandbox was reset, and this workflow is not in it any more.");
  navigate("/");
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
