import { type Execution, fold, type StreamedEvent } from "understudy-client";

/** What a connection has carried. */
export interface Delivery {
  readonly items: number;
  readonly bytes: number;
  readonly preview: unknown;
  readonly at: string;
  /** The number of the event; it rises with each delivery. */
  readonly seq: number;
}

/** All that is known of an execution after one of its events. */
export interface Moment {
  readonly seq: number;
  readonly execution: Execution | undefined;
  readonly deliveries: ReadonlyMap<string, Delivery>;
}

const MARK_EVERY = 100;
const START: Moment = { seq: 0, execution: undefined, deliveries: new Map() };

/** The events of an execution, and its state after any of them. */
export class Recording {
  private readonly held: StreamedEvent[] = [];
  /** The moments after each hundredth event, from where the others are not far. */
  private readonly marks: Moment[] = [START];

  /** The moment after the last event. */
  latest: Moment = START;

  /** All events, in order; the first has the number 1. */
  get events(): readonly StreamedEvent[] {
    return this.held;
  }

  /** Take what happened next. */
  add(events: readonly StreamedEvent[]): void {
    for (const event of events) {
      if (event.type === "log.reset") this.restart();
      else this.append(event);
    }
  }

  /** The moment after an event, by its number; before the first it is empty. */
  at(seq: number): Moment {
    if (seq >= this.latest.seq) return this.latest;
    const mark = this.marks[Math.floor(seq / MARK_EVERY)]!;
    return follow(mark, this.held.slice(mark.seq, seq));
  }

  private append(event: StreamedEvent): void {
    this.held.push(event);
    this.latest = follow(this.latest, [event]);
    if (this.latest.seq % MARK_EVERY === 0) this.marks.push(this.latest);
  }

  private restart(): void {
    this.held.length = 0;
    this.marks.length = 1;
    this.latest = START;
  }
}

function follow(moment: Moment, events: readonly StreamedEvent[]): Moment {
  let { execution } = moment;
  let deliveries: Map<string, Delivery> | undefined;
  for (const event of events) {
    execution = fold(execution, event);
    if (event.type !== "connection.delivered") continue;
    const { connection_id, items, bytes, preview } = event.data;
    deliveries ??= new Map(moment.deliveries);
    deliveries.set(connection_id, { items, bytes, preview, at: event.at, seq: event.seq });
  }
  return { seq: moment.seq + events.length, execution, deliveries: deliveries ?? moment.deliveries };
}
