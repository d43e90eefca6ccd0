const ORDERS = new Intl.PluralRules("en", { type: "ordinal" });
const ENDINGS: Readonly<Record<string, string>> = { one: "st", two: "nd", few: "rd" };

/** A number as the place in an order: 1st, 2nd, 3rd, 4th. */
export function orderWord(number: number): string {
  return `${number}${ENDINGS[ORDERS.select(number)] ?? "th"}`;
}

/** A duration in milliseconds as people write it: 40 ms, 1.2 s, 3 min 5 s, 2 h 10 min. */
export function durationWords(ms: number): string {
  if (ms < 1000) return `${Math.round(ms)} ms`;
  if (ms < 60_000) return `${(ms / 1000).toFixed(ms < 10_000 ? 1 : 0)} s`;
  const seconds = Math.round(ms / 1000);
  if (seconds < 3600) return `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
  return `${Math.floor(seconds / 3600)} h ${Math.floor((seconds % 3600) / 60)} min`;
}
