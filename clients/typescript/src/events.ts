import type { Connection } from "./call.js";
import { Place } from "./place.js";
import type { Event } from "./schema.js";
import { Stream } from "./stream.js";

/** What is told last of a log that is gone: throw away what you have, another log begins. */
export interface LogReset {
  readonly type: "log.reset";
  readonly seq: null;
  readonly cursor: null;
  readonly execution_id: null;
  readonly workflow_id: null;
  readonly at: string;
  readonly data: Readonly<Record<string, never>>;
}

/** What a stream brings. */
export type StreamedEvent = Event | LogReset;

/** Which events, and from where on; without an id, those of the whole sandbox. */
export interface EventsOptions {
  readonly execution_id?: string;
  readonly workflow_id?: string;
  /** The last event that is known: its `seq` in an execution, else its `cursor`; 0 is the start of the log. */
  readonly after?: number | "latest";
  /** Ends the events without an error. */
  readonly signal?: AbortSignal;
  /** Milliseconds without a sign of life after which a connection counts as lost; 30,000 if not given. */
  readonly silence_ms?: number;
}

const FINAL: readonly string[] = ["execution.completed", "execution.failed", "execution.stopped"];

/** The events of a log, over as many connections as it takes. */
export async function* followEvents(
  connection: Connection,
  options: EventsOptions,
): AsyncGenerator<StreamedEvent, void, undefined> {
  const { execution_id, signal } = options;
  const stream = new Stream(connection, options, new Place(execution_id === undefined ? "cursor" : "seq"));
  await stream.begin();
  for (; !stream.isOver; await stream.pause()) {
    for await (const event of stream.connect()) {
      if (signal?.aborted) return;
      yield event;
      if (isLast(event, options)) return;
    }
  }
}

/** Whether nothing can follow in this log. */
function isLast(event: StreamedEvent, { execution_id, workflow_id }: EventsOptions): boolean {
  if (execution_id !== undefined) return FINAL.includes(event.type);
  return workflow_id !== undefined && event.type === "workflow.changed" && event.data.change === "deleted";
}
