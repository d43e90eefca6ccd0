import type { Connection } from "./call.js";
import type { EventsOptions, StreamedEvent } from "./events.js";
import { messages } from "./messages.js";
import { Patience, sleep } from "./patience.js";
import type { Place } from "./place.js";
import { problemError } from "./problem.js";

const LONGEST_WAIT_MS = 30_000;
const SILENCE_MS = 30_000;

/** The connections of one reader, one after the other. */
export class Stream {
  private isEnded = false;
  private wasOpen = false;
  private failures = 0;
  private retryMs = 1000;
  private readonly url: string;

  constructor(
    private readonly connection: Connection,
    private readonly options: EventsOptions,
    private readonly place: Place,
  ) {
    this.url = connection.url + logOf(options);
  }

  /** Whether nothing comes any more, or nobody wants it. */
  get isOver(): boolean {
    return this.isEnded || (this.options.signal?.aborted ?? false);
  }

  /** Find the place from which on events are wanted. */
  async begin(): Promise<void> {
    const { after = 0 } = this.options;
    try {
      this.place.after = after === "latest" ? await this.latest() : after;
    } catch (error) {
      if (!this.isOver) throw error;
    }
  }

  /** The events of one connection, each once and in order, until it ends or is lost. */
  async *connect(): AsyncGenerator<StreamedEvent, void, undefined> {
    const hangUp = new AbortController();
    const patience = new Patience(this.options.silence_ms ?? SILENCE_MS, () => {
      this.failures = 0;
      hangUp.abort(new DOMException("The server gave no sign of life.", "TimeoutError"));
    });
    try {
      const response = await this.open(hangUp.signal);
      if (response?.body) yield* this.read(response.body, patience);
    } finally {
      patience.stop();
      hangUp.abort();
    }
  }

  /** Wait before the next connection: not at all after events or a long silence, else longer each time.
   *
   * The first return is at once so that it works on a page whose clock stands in a test, too.
   */
  async pause(): Promise<void> {
    const ms = this.failures === 0 ? 0 : this.retryMs * 2 ** (this.failures - 1);
    this.failures++;
    if (ms && !this.isOver) await sleep(Math.min(ms, LONGEST_WAIT_MS), this.options.signal);
  }

  private async *read(body: ReadableStream<Uint8Array>, patience: Patience): AsyncGenerator<StreamedEvent> {
    const told = { onBytes: () => patience.hear(), onRetry: (ms: number) => (this.retryMs = ms) };
    this.place.comeBack();
    for await (const message of messages(body, told)) {
      for (const event of this.place.take(JSON.parse(message) as StreamedEvent)) {
        this.failures = 0;
        yield event;
      }
      if (this.place.hasGap) return;
    }
  }

  /** The response whose events can be read; nothing if there are none, or not now. */
  private async open(signal: AbortSignal): Promise<Response | undefined> {
    const response = await this.ask(signal);
    if (response === undefined) return undefined;
    if (response.status === 204) this.isEnded = true;
    else if (!response.ok && (!this.wasOpen || response.status < 500)) throw await refusal(response);
    if (response.status !== 200) return undefined;
    this.wasOpen = true;
    return response;
  }

  private async ask(signal: AbortSignal): Promise<Response | undefined> {
    const query = this.wasOpen ? "" : `?after=${this.place.after}`;
    const behind = this.wasOpen ? { "Last-Event-ID": `${this.place.after}` } : {};
    try {
      return await this.send(query, { Accept: "text/event-stream", ...behind }, signal);
    } catch (error) {
      if (this.isOver || this.wasOpen) return undefined;
      throw error;
    }
  }

  /** The number of the last event that has happened. */
  private async latest(): Promise<number> {
    const response = await this.send("?after=latest", { Accept: "application/json" });
    if (!response.ok) throw await refusal(response);
    const page = (await response.json()) as { last_seq?: number; last_cursor?: number };
    return page.last_cursor ?? page.last_seq ?? 0;
  }

  private async send(query: string, headers: Record<string, string>, hangUp?: AbortSignal): Promise<Response> {
    const signal = AbortSignal.any([this.options.signal, hangUp].filter((signal) => signal !== undefined));
    const all = { ...this.connection.headers, ...(await this.connection.identity()), ...headers };
    return this.connection.fetch(new Request(this.url + query, { headers: all, cache: "no-store", signal }));
  }
}

function logOf({ execution_id, workflow_id }: EventsOptions): string {
  if (execution_id !== undefined) return `/api/executions/${encodeURIComponent(execution_id)}/events`;
  if (workflow_id !== undefined) return `/api/workflows/${encodeURIComponent(workflow_id)}/events`;
  return "/api/events";
}

async function refusal(response: Response): Promise<Error> {
  const text = await response.text();
  try {
    return problemError(response, JSON.parse(text));
  } catch {
    return problemError(response, text);
  }
}
