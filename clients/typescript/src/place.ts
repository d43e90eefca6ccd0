import type { LogReset, StreamedEvent } from "./events.js";

/** How far a reader is in a log; it lets each event through once, and in order. */
export class Place {
  /** The number of the last event that was let through. */
  after = 0;
  private isBack = false;
  private readonly early = new Map<number, StreamedEvent>();

  /** @param by - what counts the events: `seq` has no gaps, `cursor` may. */
  constructor(private readonly by: "seq" | "cursor") {}

  /** Whether more came out of order than two events that changed places. */
  get hasGap(): boolean {
    return this.early.size > 1;
  }

  /** Go on with another connection, which begins behind the place. */
  comeBack(): void {
    this.isBack = this.after > 0;
    this.early.clear();
  }

  /** Those events whose turn it is, now that this one came. */
  take(event: StreamedEvent): StreamedEvent[] {
    if (event.type === "log.reset") return this.restart(event);
    const number = event[this.by] ?? 0;
    const isFirst = this.isBack;
    this.isBack = false;
    // The server begins at the start if the place is ahead of its log: then it is another log.
    if (isFirst && number <= this.after) return [...this.restart(reset(event.at)), ...this.take(event)];
    if (number <= this.after) return [];
    this.early.set(number, event);
    return [...this.due(number)];
  }

  private *due(number: number): Generator<StreamedEvent> {
    for (let next = this.by === "seq" ? this.after + 1 : number; this.early.has(next); next++) {
      yield this.early.get(next)!;
      this.early.delete(next);
      this.after = next;
    }
  }

  private restart(event: LogReset): LogReset[] {
    this.after = 0;
    this.early.clear();
    return [event];
  }
}

function reset(at: string): LogReset {
  return { type: "log.reset", seq: null, cursor: null, execution_id: null, workflow_id: null, at, data: {} };
}
