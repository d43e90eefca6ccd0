import { describe, expect } from "vitest";

import { NotReached } from "../src/index.js";
import { test } from "../src/vitest.js";
import { started } from "./story.js";

describe("the clock of a sandbox", () => {
  test("stands until it is moved, and says what happened", async ({ understudy }) => {
    const { id } = await started(understudy);
    const { now, events } = await understudy.clock.advance("1m");
    expect(now).toBe("2026-01-01T09:01:00.000Z");
    expect(events.at(-1)).toMatchObject({ type: "node.started", execution_id: id, data: { node_id: "report" } });
    expect(await understudy.clock.now()).toEqual(new Date(now));
  });

  test.for([
    [1500, "2026-01-01T09:00:01.500Z"],
    ["250ms", "2026-01-01T09:00:00.250Z"],
    ["1.5s", "2026-01-01T09:00:01.500Z"],
    ["2m", "2026-01-01T09:02:00.000Z"],
    ["3h", "2026-01-01T12:00:00.000Z"],
    ["1d", "2026-01-02T09:00:00.000Z"],
  ] as const)("goes on by %s", async ([duration, now], { understudy }) => {
    expect((await understudy.clock.advance(duration)).now).toBe(now);
  });

  test("does not take what is no duration", ({ understudy }) => {
    // @ts-expect-error It has a unit that nobody knows.
    expect(() => understudy.clock.advance("5 minutes")).toThrow('such as "5s", not "5 minutes"');
  });

  test("goes on until something happens, which is the last that it tells of", async ({ understudy }) => {
    const { id } = await started(understudy);
    const { events } = await understudy.clock.until({ execution_id: id, node_id: "fetch", status: "completed" });
    expect(events.at(-1)).toMatchObject({ type: "node.completed", data: { node_id: "fetch" } });
  });

  test("tells the story of what did not happen", async ({ understudy }) => {
    const { id } = await started(understudy);
    const waiting = understudy.clock.until({ execution_id: id, status: "completed" }, "61s");
    await expect(waiting).rejects.toBeInstanceOf(NotReached);
    await expect(waiting).rejects.toThrow(/was not reached; it is 2026-01-01T09:01:01.000Z.*node.started report/s);
  });

  test("is set to a moment, goes on from it by events, and runs", async ({ understudy }) => {
    await started(understudy);
    await understudy.clock.pause("2026-01-01T09:00:30Z");
    await understudy.clock.to(new Date("2026-01-01T09:00:40Z"));
    expect((await understudy.clock.step(2)).events).toHaveLength(2);
    await understudy.clock.resume();
    expect((await understudy.getClock()).rate).toBe(1);
  });
});
