import type { StreamedEvent } from "understudy-client";

/** The longest that nothing moves while the past is played, in milliseconds of the page: longer waits are cut. */
const LONGEST_GAP = 700;
/** What follows within so many milliseconds is shown together. */
const SHORTEST_GAP = 16;

/** A moment to show, and in how many milliseconds. */
export interface Next {
  readonly seq: number;
  readonly delay: number;
}

/** What is to be shown after a moment while the past is played at a speed; nothing after the last event. */
export function nextMoment(events: readonly StreamedEvent[], seq: number, speed: number): Next | undefined {
  const next = events[seq];
  if (!next) return undefined;
  const gap = (from: StreamedEvent, to: StreamedEvent) => (Date.parse(to.at) - Date.parse(from.at)) / speed;
  let last = seq + 1;
  while (events[last] && gap(next, events[last]!) < SHORTEST_GAP) last++;
  const delay = gap(events[seq - 1] ?? next, next);
  return { seq: last, delay: Math.min(Math.max(delay, SHORTEST_GAP), LONGEST_GAP) };
}
