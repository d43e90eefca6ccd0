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
const NOTHING: readonly StreamedEvent[] = [];
const START: Moment = { seq: 0, execution: undefined, deliveries: new Map() };

/** The events of an execution, and its state after any of them. */
export class Recording {
  private held: StreamedEvent[] = [];
  /** The events by the id of what they are about. */
  private readonly byId = new Map<unknown, StreamedEvent[]>();
  /** The moments after each hundredth event, from where the others are not far. */
  private readonly marks: Moment[] = [START];
  /** The moment up to which it was told so far. */
  private reached: Moment = START;
  /** The moments behind the mark that was asked for last, so that what is the same in two of them is the same object. */
  private stretch: Moment[] = [START];

  /** The moment after the last event. What has come is told when it is asked for: all of a frame at once. */
  get latest(): Moment {
    while (this.reached.seq < this.held.length) this.goOn();
    return this.reached;
  }

  /** All events, in order; the first has the number 1. The list grows; it is another one when the log is another. */
  get events(): readonly StreamedEvent[] {
    return this.held;
  }

  /** The events about a node or a connection, in order. */
  about(id: string): readonly StreamedEvent[] {
    return this.byId.get(id) ?? NOTHING;
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
    if (this.stretch[0] !== mark) this.stretch = [mark];
    for (let next = mark.seq + this.stretch.length; next <= seq; next++)
      this.stretch.push(follow(this.stretch.at(-1)!, [this.held[next - 1]!]));
    return this.stretch[seq - mark.seq]!;
  }

  private append(event: StreamedEvent): void {
    this.held.push(event);
    const { node_id, connection_id } = event.data as { readonly node_id?: unknown; readonly connection_id?: unknown };
    const id = node_id ?? connection_id;
    if (id === undefined) return;
    const about = this.byId.get(id);
    if (about) about.push(event);
    else this.byId.set(id, [event]);
  }

  /** Tell what has come, up to the next mark at most. */
  private goOn(): void {
    const nextMark = this.marks.length * MARK_EVERY;
    this.reached = follow(this.reached, this.held.slice(this.reached.seq, nextMark));
    if (this.reached.seq === nextMark) this.marks.push(this.reached);
  }

  private restart(): void {
    this.held = [];
    this.byId.clear();
    this.stretch = [START];
    this.marks.length = 1;
    this.reached = START;
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
