import type { StreamedEvent } from "understudy-client";
import { create } from "zustand";

import { wordsOf } from "../parts/notices.tsx";
import { createClient } from "./client.ts";
import { readAgain, readAllAgain } from "./outdated.ts";
import { hearTime } from "./renewal.ts";

interface Live {
  /** Why nothing comes, while nothing does. */
  readonly lost: string | null;
}

export const useLive = create<Live>()(() => ({ lost: null }));

const FINAL = new Set(["execution.completed", "execution.failed", "execution.stopped"]);

type Reader = (event: StreamedEvent) => void;
const readers = new Set<Reader>();

/** Be told of what happens in the sandbox from now on, until the function that this gives is called. */
export function listen(reader: Reader): () => void {
  readers.add(reader);
  return () => readers.delete(reader);
}

const client = createClient(noticing);

/** Follow the sandbox: what was read before and has changed since is read again. */
export async function followSandbox(signal: AbortSignal): Promise<void> {
  try {
    for await (const event of client.events({ after: "latest", signal })) {
      hearTime(event.at);
      readers.forEach((read) => read(event));
      refresh(event);
    }
  } catch (error) {
    if (!signal.aborted) useLive.setState({ lost: wordsOf(error) });
  }
}

/** Fetches, and tells when the server cannot be reached, and when it can again. */
async function noticing(request: Request): Promise<Response> {
  try {
    const response = await fetch(request);
    useLive.setState({ lost: null });
    return response;
  } catch (error) {
    if (!request.signal.aborted) useLive.setState({ lost: wordsOf(error) });
    throw error;
  }
}

/** What an event makes old: of an execution lists only where it begins, ends or rests, but the director sees all. */
function refresh({ type }: StreamedEvent): void {
  if (type === "log.reset") readAllAgain();
  if (type === "workflow.changed") readAgain("workflows");
  if (type.startsWith("execution.")) readAgain("workflows", "executions");
  // A node may have written one.
  if (FINAL.has(type)) readAgain("files");
  readAgain("control");
}
