import { ProblemError } from "understudy-client";
import { create } from "zustand";

import { createClient } from "../api/client.ts";
import { readAgain } from "../api/outdated.ts";
import { useSession } from "../api/session.ts";
import { bytesOf } from "../parts/amounts.ts";
import { wordsOf } from "../parts/notices.tsx";
import { sendTelling } from "./sending.ts";

/** A file on its way to the server. */
export interface Upload {
  readonly id: number;
  readonly file: File;
  readonly state: "waiting" | "sending" | "done" | "failed";
  /** How much of it has left, from 0 to 1. */
  readonly part: number;
  /** Why it failed. */
  readonly words: string;
}

/** How many are sent at once. */
const AT_ONCE = 2;

export const useUploads = create<{ readonly uploads: readonly Upload[] }>()(() => ({ uploads: [] }));
let last = 0;
const stops = new Map<number, AbortController>();

/** Send files, each by itself: one that is refused takes none along. */
export function upload(files: readonly File[]): void {
  const added = files.map((file): Upload => ({ id: ++last, file, state: "waiting", part: 0, words: "" }));
  useUploads.setState(({ uploads }) => ({ uploads: [...uploads, ...added] }));
  sendNext();
}

/** Do not send a file, or take it from the list if it is sent. */
export function dismiss(id: number): void {
  stops.get(id)?.abort();
  useUploads.setState(({ uploads }) => ({ uploads: uploads.filter((upload) => upload.id !== id) }));
}

/** Take from the list what is done. */
export function dismissDone(): void {
  useUploads.setState(({ uploads }) => ({ uploads: uploads.filter(({ state }) => state !== "done") }));
}

/** Send a file again that was refused or did not arrive. */
export function retry(id: number): void {
  change(id, { state: "waiting", part: 0, words: "" });
  sendNext();
}

// What one user sends, the next does not go on with.
useSession.subscribe(({ session }, before) => {
  if (session?.user.id !== before.session?.user.id) useUploads.getState().uploads.forEach(({ id }) => dismiss(id));
});

function change(id: number, changes: Partial<Upload>): void {
  useUploads.setState(({ uploads }) => ({
    uploads: uploads.map((upload) => (upload.id === id ? { ...upload, ...changes } : upload)),
  }));
}

function sendNext(): void {
  const { uploads } = useUploads.getState();
  const free = AT_ONCE - stops.size;
  uploads
    .filter(({ state }) => state === "waiting")
    .slice(0, Math.max(free, 0))
    .forEach((upload) => void send(upload));
}

async function send({ id, file }: Upload): Promise<void> {
  const stop = new AbortController();
  stops.set(id, stop);
  change(id, { state: "sending" });
  try {
    const client = createClient(sendTelling((bytes) => change(id, { part: Math.min(bytes / file.size, 1) })));
    await client.uploadFiles({ body: { file }, signal: stop.signal });
    change(id, { state: "done", part: 1 });
    readAgain("files");
  } catch (error) {
    change(id, { state: "failed", words: reasonOf(error, file) });
  }
  stops.delete(id);
  sendNext();
}

/** Why a file was not taken, for who has chosen it. */
function reasonOf(error: unknown, { name }: File): string {
  if (!(error instanceof ProblemError)) return wordsOf(error);
  if (error.status === 413) return tooLarge(error);
  if (error.code === "empty_file") return `${name} is empty.`;
  return error.errors[0]?.message ?? wordsOf(error);
}

/** How large it may be, in few digits, as far as the server says it. */
function tooLarge({ problem: { limit } }: ProblemError): string {
  return typeof limit === "number" ? `Too large: an upload holds at most ${bytesOf(limit)} here.` : "Too large.";
}
