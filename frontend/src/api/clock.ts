import { useEffect } from "react";
import type { ClockBody, Data } from "understudy-client";
import { create } from "zustand";

import { control, mayDirect } from "./control.ts";
import { listen } from "./live.ts";

/** How time goes by in the sandbox. */
export type Clock = Data<"getClock">;

/** The clock of the sandbox as it was told last. */
interface Told {
  readonly clock: Clock;
  /** When that was, in milliseconds of the page's own time. */
  readonly since: number;
}

/** How far an event may lie ahead of what the page takes for now: the way of an answer, in real milliseconds. */
const TOLERANCE_MS = 500;
const TICK_MS = 100;

interface Known {
  readonly told: Told | undefined;
  /** How time went by when it last did not stand. */
  readonly going: ClockBody;
}

export const useClock = create<Known>()(() => ({ told: undefined, going: { pace: "real" } }));

/** The moment in the sandbox, in milliseconds since 1970, at a moment of the page. */
export function momentOf({ clock, since }: Told, pageTime: number): number {
  return Date.parse(clock.now) + clock.rate * (pageTime - since);
}

/** Whether something that happened at a moment shows that the clock was moved since it was told. */
function isAhead(told: Told, at: number, pageTime: number): boolean {
  return at > momentOf(told, pageTime) + told.clock.rate * TOLERANCE_MS;
}

/** What the server says of its clock. */
export function tellClock(clock: Clock): void {
  const { pace, rate } = clock;
  const told = { clock, since: performance.now() };
  if (pace === "stopped") useClock.setState({ told });
  else useClock.setState({ told, going: { pace, ...(pace === "fast" && { rate }) } });
}

/** Ask for the clock. Where the control API refuses, there is none. */
export async function readClock(): Promise<void> {
  if (!mayDirect()) return;
  await control.getClock().then(tellClock, () => undefined);
}

/** Change how time goes by. */
export async function changeClock(body: ClockBody): Promise<void> {
  tellClock(await control.setClock({ body }));
}

/** Know the clock as long as the component is there: it is asked at first, and when an event shows that it was moved. */
export function useFollowedClock(): void {
  useEffect(follow, []);
}

/** What time it is in the sandbox, in milliseconds since 1970, as it goes by; nothing while that is unknown. */
export function useNow(): number | undefined {
  useEffect(tick, []);
  return useMoment(({ now }) => now);
}

/** The clock is followed once, however many want to know it. */
const follow = share(() => {
  let timer: ReturnType<typeof setTimeout> | undefined;
  void readClock();
  const leave = listen(({ type, at }) => {
    const { told } = useClock.getState();
    const isMoved = type === "log.reset" || (told && isAhead(told, Date.parse(at), performance.now()));
    if (isMoved) timer ??= setTimeout(readMoved, TICK_MS);
  });
  function readMoved(): void {
    timer = undefined;
    void readClock();
  }
  return () => {
    leave();
    clearTimeout(timer);
  };
});

const useMoment = create<{ readonly now: number | undefined }>()(() => ({ now: undefined }));

/** The moment is counted once for all who see it, and not at all while the clock stands. */
const tick = share(() => {
  let timer: ReturnType<typeof setInterval> | undefined;
  function turn({ told }: { readonly told: Told | undefined }): void {
    clearInterval(timer);
    show();
    if (told?.clock.rate) timer = setInterval(show, TICK_MS);
  }
  turn(useClock.getState());
  const leave = useClock.subscribe(turn);
  return () => {
    leave();
    clearInterval(timer);
  };
});

function show(): void {
  const { told } = useClock.getState();
  useMoment.setState({ now: told && Math.floor(momentOf(told, performance.now())) });
}

/** Something that begins for the first who wants it, and ends with the last. */
function share(begin: () => () => void): () => () => void {
  const shared = { count: 0, end: () => {} };
  return () => {
    if (shared.count++ === 0) shared.end = begin();
    return () => {
      if (--shared.count === 0) shared.end();
    };
  };
}
