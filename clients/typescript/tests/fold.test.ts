import { describe, expect } from "vitest";

import { type Execution, fold, type StreamedEvent } from "../src/index.js";
import { test } from "../src/vitest.js";
import { all, finished, started } from "./story.js";

function foldAll(events: readonly StreamedEvent[]): Execution | undefined {
  return events.reduce(fold, undefined);
}

describe("the events, folded", () => {
  test("give what getExecution gives, at each moment", async ({ understudy }) => {
    const { id } = await started(understudy);
    let state: Execution | undefined;
    for await (const event of understudy.events({ execution_id: id })) {
      state = fold(state, event);
      const asked = await understudy.getExecution({ execution_id: id });
      if (asked.last_seq !== event.seq) continue;
      expect(state).toEqual(asked);
      await understudy.clock.advance("10s");
    }
    expect(state).toEqual(await understudy.getExecution({ execution_id: id }));
  });

  test("know pauses, failures, retries and logs", async ({ understudy }) => {
    const retry = { max_attempts: 2, delay_ms: 5000 };
    const mock = { error: "Too late", fail_attempts: 9, duration_ms: 1000 };
    const nodes = [{ id: "a", type: "delay", data: { retry, mock, config: {} } }];
    const { id: workflow_id } = await understudy.createWorkflow({ body: { nodes } });
    const { id } = await understudy.executeWorkflow({ workflow_id });
    await understudy.clock.advance("2s");
    await understudy.pauseExecution({ execution_id: id });
    await understudy.clock.advance("1h");
    await understudy.resumeExecution({ execution_id: id });
    await understudy.clock.until({ execution_id: id, status: "failed" });
    const state = foldAll(await all(understudy.events({ execution_id: id })));
    expect(state?.status_history.map(({ status }) => status)).toEqual([
      "pending",
      "running",
      "paused",
      "running",
      "failed",
    ]);
    expect(state).toEqual(await understudy.getExecution({ execution_id: id }));
  });

  test("know what nodes say", async ({ understudy }) => {
    const nodes = [{ id: "say", type: "log", data: { config: { message: "Hello" } } }];
    const { id: workflow_id } = await understudy.createWorkflow({ body: { nodes } });
    const { id } = await understudy.executeWorkflow({ workflow_id });
    await understudy.clock.until({ execution_id: id, status: "completed" });
    const state = foldAll(await all(understudy.events({ execution_id: id })));
    expect(state?.nodes[0]?.logs).toHaveLength(1);
    expect(state).toEqual(await understudy.getExecution({ execution_id: id }));
  });

  test("know nodes that wait for a person", async ({ understudy }) => {
    const nodes = [{ id: "ask", type: "approval", data: { config: {} } }];
    const { id: workflow_id } = await understudy.createWorkflow({ body: { nodes } });
    const { id } = await understudy.executeWorkflow({ workflow_id });
    await understudy.clock.until({ execution_id: id, status: "waiting" });
    const events: StreamedEvent[] = [];
    for await (const event of understudy.events({ execution_id: id })) {
      events.push(event);
      if (event.type !== "execution.waiting") continue;
      expect(foldAll(events)?.waiting_for).toHaveLength(1);
      expect(foldAll(events)).toEqual(await understudy.getExecution({ execution_id: id }));
      await understudy.stopExecution({ execution_id: id });
    }
    expect(foldAll(events)).toEqual(await understudy.getExecution({ execution_id: id }));
  });

  test("know loops, of which the latest iteration is shown", async ({ understudy }) => {
    const nodes = [
      { id: "start", type: "manual_trigger", data: { config: { sample: [1, 2, 3] } } },
      { id: "each", type: "loop" },
      { id: "work", type: "delay", data: { config: { seconds: 1 } } },
    ];
    const edges = [
      { source: "start", target: "each" },
      { source: "each", sourceHandle: "item", target: "work" },
      { source: "work", target: "each", targetHandle: "back" },
    ];
    const { id: workflow_id } = await understudy.createWorkflow({ body: { nodes, edges } });
    const { id } = await understudy.executeWorkflow({ workflow_id });
    await understudy.clock.until({ execution_id: id, event: "execution.completed" });
    const state = foldAll(await all(understudy.events({ execution_id: id })));
    expect(state?.nodes.find(({ node_id }) => node_id === "work")?.iteration).toBe(2);
    expect(state).toEqual(await understudy.getExecution({ execution_id: id }));
  });

  test("leave earlier states as they are", async ({ understudy }) => {
    const events = await all(understudy.events({ execution_id: (await finished(understudy)).id }));
    const states = events.map((_, place) => foldAll(events.slice(0, place + 1)));
    const written = states.map((state) => JSON.stringify(state));
    events.reduce(fold, undefined);
    expect(states.map((state) => JSON.stringify(state))).toEqual(written);
    expect(new Set(states).size).toBe(events.length);
  });

  test("count once, and fail at a gap", async ({ understudy }) => {
    const events = await all(understudy.events({ execution_id: (await finished(understudy)).id }));
    const first = foldAll(events.slice(0, 1));
    expect(fold(first, events[0]!)).toBe(first);
    expect(() => fold(first, events[2]!)).toThrow("The event behind number 1 is missing: 3 came.");
  });
});
