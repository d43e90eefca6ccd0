const UNITS = ["B", "kB", "MB", "GB"] as const;
const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY_AND_TIME = new Intl.DateTimeFormat("en-GB", { dateStyle: "medium", timeStyle: "medium", timeZone: "UTC" });

/** How many there are of something: `1 item`, `3 items`. */
export function countOf(count: number, one: string, several = `${one}s`): string {
  return `${count.toLocaleString("en")} ${count === 1 ? one : several}`;
}

/** A number of bytes in few digits: `144 B`, `1.2 kB`. */
export function bytesOf(bytes: number): string {
  const power = bytes < 1 ? 0 : Math.min(Math.floor(Math.log10(bytes) / 3), UNITS.length - 1);
  const amount = bytes / 1000 ** power;
  return `${power > 0 && amount < 10 ? amount.toFixed(1) : Math.round(amount)} ${UNITS[power]}`;
}

/** Milliseconds as a person reads them: `250 ms`, `1.25 s`, `2 min 5 s`, `3 h 20 min`. */
export function durationOf(ms: number): string {
  if (Math.round(ms) < SECOND) return `${Math.round(ms)} ms`;
  const seconds = Number((ms / SECOND).toFixed(2));
  if (seconds < 60) return `${seconds} s`;
  if (ms < HOUR) return inTwo(Math.max(ms, MINUTE), MINUTE, "min", SECOND, "s");
  return inTwo(ms, HOUR, "h", MINUTE, "min");
}

/** The time of day of a moment, in UTC to the millisecond. */
export function timeOfDay(at: string): string {
  return new Date(at).toISOString().slice(11, 23);
}

function inTwo(ms: number, large: number, largeName: string, small: number, smallName: string): string {
  const rest = Math.floor((ms % large) / small);
  const whole = `${Math.floor(ms / large)} ${largeName}`;
  return rest === 0 ? whole : `${whole} ${rest} ${smallName}`;
}

/** A moment as a day and a time, in UTC to the second: `1 Jan 2026, 09:00:00`. */
export function dayAndTimeOf(at: string): string {
  return DAY_AND_TIME.format(new Date(at));
}

/** A moment as a day and a time with its milliseconds, if it has any. */
export function exactTimeOf(at: string): string {
  const rest = new Date(at).getUTCMilliseconds();
  return dayAndTimeOf(at) + (rest ? `.${String(rest).padStart(3, "0")}` : "");
}
