import { useEffect, useSyncExternalStore } from "react";
import type { ClockBody, Data } from "understudy-client";
import { create } from "zustand";

import { control, mayDirect } from "./control.ts";
import { listen } from "./live.ts";

/** How time goes by in the sandbox. */
export type Clock = Data<"getClock">;

/** The clock of the sandbox as it was told last. */
export interface Told {
  readonly clock: Clock;
  /** When that was, in milliseconds of the page's own time. */
  readonly since: number;
}

/** How far an event may lie ahead of what the page takes for now: the way of an answer, in real milliseconds. */
const TOLERANCE_MS = 500;
const TICK_MS = 100;

export const useClock = create<{ readonly told: Told | undefined }>()(() => ({ told: undefined }));

/** The moment in the sandbox, in milliseconds since 1970, at a moment of the page. */
export function momentOf({ clock, since }: Told, pageTime: number): number {
  return Date.parse(clock.now) + clock.rate * (pageTime - since);
}

/** Whether something that happened at a moment shows that the clock was moved since it was told. */
export function isAhead(told: Told, at: number, pageTime: number): boolean {
  return at > momentOf(told, pageTime) + told.clock.rate * TOLERANCE_MS;
}

/** What the server says of its clock. */
export function tellClock(clock: Clock): void {
  useClock.setState({ told: { clock, since: performance.now() } });
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
  useEffect(() => {
    void readClock();
    const reading = { isDue: false };
    return listen(({ type, at }) => {
      const { told } = useClock.getState();
      const isMoved = type === "log.reset" || (told && isAhead(told, Date.parse(at), performance.now()));
      if (!isMoved || reading.isDue) return;
      reading.isDue = true;
      setTimeout(() => {
        reading.isDue = false;
        void readClock();
      }, TICK_MS);
    });
  }, []);
}

const ticking: { now: number | undefined } = { now: undefined };

/** What time it is in the sandbox, in milliseconds since 1970, as it goes by; nothing while that is unknown. */
export function useNow(): number | undefined {
  return useSyncExternalStore(subscribe, () => ticking.now);
}

function subscribe(change: () => void): () => void {
  const tick = () => {
    const { told } = useClock.getState();
    ticking.now = told && Math.floor(momentOf(told, performance.now()));
    change();
  };
  tick();
  const timer = setInterval(tick, TICK_MS);
  const leave = useClock.subscribe(tick);
  return () => {
    clearInterval(timer);
    leave();
  };
}
