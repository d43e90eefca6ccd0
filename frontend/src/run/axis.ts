const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** The distances between two marks that people read with ease, in milliseconds. */
const STEPS: readonly number[] = [
  ...[1, 2, 5, 10, 20, 50, 100, 200, 500],
  ...[1, 2, 5, 10, 15, 30].map((count) => count * SECOND),
  ...[1, 2, 5, 10, 15, 30].map((count) => count * MINUTE),
  ...[1, 2, 3, 6, 12].map((count) => count * HOUR),
  ...[1, 2, 7, 14, 28, 56, 112, 365].map((count) => count * DAY),
];

/** The distance between two marks on an axis so long, of which there are to be at most so many. */
export function stepOf(lengthMs: number, most: number): number {
  return STEPS.find((step) => lengthMs / step <= most) ?? Math.ceil(lengthMs / most / DAY) * DAY;
}

/** The marks on an axis, in milliseconds from its start; the first is 0. */
export function marksOf(lengthMs: number, most: number): readonly number[] {
  const step = stepOf(lengthMs, most);
  return Array.from({ length: Math.floor(lengthMs / step) + 1 }, (_, at) => at * step);
}

/** The length of an axis for something that still grows: it has room, so that it changes seldom. */
export function roomFor(lengthMs: number): number {
  const step = stepOf(Math.max(lengthMs, SECOND), 5);
  return Math.ceil((Math.max(lengthMs, 1) * 1.05) / step) * step;
}
