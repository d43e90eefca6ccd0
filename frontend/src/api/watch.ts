import { useEffect } from "react";

import { momentOf, readClock, useClock } from "./clock.ts";
import { listen, useLive } from "./live.ts";

/** How long nothing may come before the clock is asked for again, in real milliseconds. */
const QUIET_MS = 2_000;

/** Notice that somebody else changed how time goes by, which no event tells: the clock is asked for when the page is
 * looked at again, and while something is under way of which nothing comes, or comes later than the clock says. */
export function useWatchedClock(isUnderWay: boolean): void {
  useEffect(() => (isUnderWay ? watch() : undefined), [isUnderWay]);
}

function watch(): () => void {
  let timer = setTimeout(ask, QUIET_MS);
  function wait(): void {
    clearTimeout(timer);
    timer = setTimeout(ask, QUIET_MS);
  }
  function ask(): void {
    wait();
    const isWanted = document.visibilityState === "visible" && useLive.getState().lost === null;
    if (isWanted) void readClock();
  }
  const leave = listen(({ at }) => isInTime(at) && wait());
  document.addEventListener("visibilitychange", ask);
  window.addEventListener("focus", ask);
  return () => {
    clearTimeout(timer);
    leave();
    document.removeEventListener("visibilitychange", ask);
    window.removeEventListener("focus", ask);
  };
}

/** Whether an event comes when it is to be expected by the clock as it was told. */
function isInTime(at: string): boolean {
  const { told } = useClock.getState();
  return !told || Date.parse(at) >= momentOf(told, performance.now()) - told.clock.rate * QUIET_MS;
}
