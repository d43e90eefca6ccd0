import type { StreamedEvent } from "understudy-client";

import { wordsOf } from "../parts/notices.tsx";
import { api } from "./client.ts";
import { queries } from "./queries.ts";
import { create } from "zustand";

interface Live {
  /** Why nothing comes, while nothing does. */
  readonly lost: string | null;
}

export const useLive = create<Live>()(() => ({ lost: null }));

type Reader = (event: StreamedEvent) => void;
const readers = new Set<Reader>();

/** Be told of what happens in the sandbox from now on, until the function that this gives is called. */
export function listen(reader: Reader): () => void {
  readers.add(reader);
  return () => readers.delete(reader);
}

/** Follow the sandbox: what was read before and has changed since is read again. */
export async function followSandbox(signal: AbortSignal): Promise<void> {
  try {
    for await (const event of api.events({ after: "latest", signal })) {
      useLive.setState({ lost: null });
      readers.forEach((read) => read(event));
      refresh(event);
    }
  } catch (error) {
    if (!signal.aborted) useLive.setState({ lost: wordsOf(error) });
  }
}

/** The lists that an event makes old. Progress and data within an execution change none. */
function refresh({ type }: StreamedEvent): void {
  if (type === "log.reset") void queries.invalidateQueries();
  if (type === "workflow.changed") void queries.invalidateQueries({ queryKey: ["workflows"] });
  if (type.startsWith("execution.")) {
    void queries.invalidateQueries({ queryKey: ["workflows"] });
    void queries.invalidateQueries({ queryKey: ["executions"] });
  }
}
