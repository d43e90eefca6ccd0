import { notify } from "../parts/notices.tsx";
import type { Saver } from "./saver.ts";
import type { EditorStore } from "./store.ts";

/** A draft that is open, and what saves it. */
export interface OpenDraft {
  readonly store: EditorStore;
  readonly saver: Saver;
}

const left = new Map<string, OpenDraft>();

addEventListener("beforeunload", (event) => left.size > 0 && event.preventDefault());

/** The draft of a workflow that was left without being saved. */
export function draftLeft(workflowId: string): OpenDraft | undefined {
  return left.get(workflowId);
}

/** Somebody goes on with the draft. */
export function takeUp(workflowId: string): void {
  left.delete(workflowId);
}

/** Save a draft that is left; if that cannot be, keep it until its workflow is opened again, and say so. */
export async function leaveDraft(draft: OpenDraft): Promise<void> {
  const { saved, name } = draft.store.getState();
  if (await draft.saver.rest()) return;
  left.set(saved.id, draft);
  notify(`Your latest changes to “${name}” could not be saved. Open it again to go on with them.`, "bad");
}
