const DATE = new Intl.DateTimeFormat("en", { dateStyle: "full", timeZone: "UTC" });

/** Milliseconds in each unit of time that people use here. */
export const UNITS = { ms: 1, s: 1000, min: 60_000, h: 3_600_000, d: 86_400_000 } as const;

/** A unit of time. */
export type Unit = keyof typeof UNITS;

/** A moment as its date and its time of day, in UTC. */
export function split(moment: number): { readonly date: string; readonly time: string } {
  return { date: DATE.format(moment), time: new Date(moment).toISOString().slice(11, 23) };
}

/** What a field for a moment has in it, read as UTC; nothing while it has none. */
export function momentIn(text: string): string | undefined {
  const moment = new Date(`${text}Z`);
  return Number.isNaN(moment.getTime()) ? undefined : moment.toISOString();
}

/** A moment as a field for moments takes it, in whole seconds. */
export function toField(at: string): string {
  return at.slice(0, 19);
}
