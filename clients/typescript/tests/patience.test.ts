import { expect, test, vi } from "vitest";

import { Patience, sleep } from "../src/patience.js";

test("patience ends when nothing was heard for so long", ({ onTestFinished }) => {
  vi.useFakeTimers();
  onTestFinished(() => void vi.useRealTimers());
  const onSilence = vi.fn();
  const patience = new Patience(1000, onSilence);
  vi.advanceTimersByTime(900);
  patience.hear();
  vi.advanceTimersByTime(900);
  expect(onSilence).not.toHaveBeenCalled();
  vi.advanceTimersByTime(100);
  expect(onSilence).toHaveBeenCalledOnce();
});

test("sleep ends with the signal", async () => {
  await sleep(3_600_000, AbortSignal.timeout(10));
});
