import type { Arguments, Understudy } from "./client.js";
import type { Advanced, Event } from "./schema.js";

/** Milliseconds, or text with a unit: `"5s"`, `"90m"`, `"250ms"`. */
export type Duration = number | `${number}${keyof typeof UNITS}`;

/** A point in time: text in ISO 8601, or milliseconds since 1970. */
export type Moment = Date | string | number;

/** What is waited for: an event that has all of these, or a status that holds. */
export type Wanted = NonNullable<Arguments<"advanceClock">["body"]["until"]>;

const UNITS = { ms: 1, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 };
const MOST_TOLD = 20;

/** Time went on, and what was waited for did not happen. */
export class NotReached extends Error {
  override readonly name = "NotReached";

  constructor(
    readonly wanted: Wanted,
    readonly answer: Advanced,
  ) {
    const story = answer.events.slice(-MOST_TOLD).map(told).join("\n  ") || "nothing";
    super(`${JSON.stringify(wanted)} was not reached; it is ${answer.now}. What happened last:\n  ${story}`);
  }
}

/** The clock of a sandbox. What moves it answers when all is settled, with what happened. */
export class Clock {
  constructor(private readonly understudy: Understudy) {}

  /** The moment. */
  async now(): Promise<Date> {
    return new Date((await this.understudy.getClock()).now);
  }

  /** Let so much time go by; everything due happens at its own time. */
  advance(duration: Duration): Promise<Advanced> {
    return this.understudy.advanceClock({ body: { seconds: milliseconds(duration) / 1000 } });
  }

  /** Let time go on to a moment. */
  to(moment: Moment): Promise<Advanced> {
    return this.understudy.advanceClock({ body: { to: written(moment) } });
  }

  /** Let time go on until so many further events have happened. */
  step(events = 1): Promise<Advanced> {
    return this.understudy.advanceClock({ body: { events } });
  }

  /** Let time go on until an event happens that has all that is wanted; it is the last of the answer.
   *
   * @param limit - of virtual time; a day if none is given.
   * @throws {@link NotReached} with what happened instead.
   */
  async until(wanted: Wanted, limit?: Duration): Promise<Advanced> {
    const seconds = limit === undefined ? {} : { limit_seconds: milliseconds(limit) / 1000 };
    const answer = await this.understudy.advanceClock({ body: { until: wanted, ...seconds } });
    if (!answer.reached) throw new NotReached(wanted, answer);
    return answer;
  }

  /** Stand still; if a moment is given, there. */
  async pause(at?: Moment): Promise<void> {
    await this.understudy.setClock({ body: { pace: "stopped", ...(at !== undefined && { now: written(at) }) } });
  }

  /** Go on as real time does. */
  async resume(): Promise<void> {
    await this.understudy.setClock({ body: { pace: "real" } });
  }
}

/** A duration in milliseconds. */
export function milliseconds(duration: Duration): number {
  if (typeof duration === "number") return duration;
  const [, amount, unit] = /^([\d.]+)(ms|s|m|h|d)$/.exec(duration) ?? [];
  const ms = Number(amount) * UNITS[unit as keyof typeof UNITS];
  if (Number.isNaN(ms))
    throw new RangeError(`A duration is a number of milliseconds, or such as "5s", not "${duration}".`);
  return ms;
}

function written(moment: Moment): string | number {
  return moment instanceof Date ? moment.toISOString() : moment;
}

function told({ at, type, data }: Event): string {
  const { node_id, connection_id } = data as { node_id?: string; connection_id?: string };
  return `${at} ${type} ${node_id ?? connection_id ?? ""}`.trimEnd();
}
