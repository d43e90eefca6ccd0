import { describe, expect } from "vitest";

import { createUnderstudy, type Sandbox, type StreamedEvent } from "../src/index.js";
import { test } from "../src/vitest.js";
import { all, finished, numbers, slowWorkflow, started, upTo } from "./story.js";

/** A rule that breaks the next stream of events. */
async function breakStream(understudy: Sandbox, stream: Record<string, unknown>, times = 1): Promise<void> {
  await understudy.createFault({ body: { match: { path: "/api/**/events" }, stream, times } });
}

describe("the events of an execution", () => {
  test("come from the first on, however late one asks, and end with it", async ({ understudy }) => {
    const { id, last_seq } = await finished(understudy);
    const events = await all(understudy.events({ execution_id: id }));
    expect(events.map((event) => event.seq)).toEqual(upTo(last_seq));
    expect(events.at(-1)?.type).toBe("execution.completed");
  });

  test("come as they happen", async ({ understudy }) => {
    const { id } = await started(understudy);
    const events = understudy.events({ execution_id: id });
    for await (const event of events) {
      if (event.type === "node.started") await understudy.clock.advance("1m");
      if (event.type === "execution.completed") expect(event.at).toBe("2026-01-01T09:02:00.000Z");
    }
  });

  test("go on behind a number", async ({ understudy }) => {
    const { id, last_seq } = await finished(understudy);
    expect(await numbers(understudy.events({ execution_id: id, after: last_seq - 2 }))).toEqual([
      last_seq - 1,
      last_seq,
    ]);
  });

  test("are none where all were read", async ({ understudy }) => {
    const { id, last_seq } = await finished(understudy);
    expect(await all(understudy.events({ execution_id: id, after: last_seq }))).toEqual([]);
    expect(await all(understudy.events({ execution_id: id, after: "latest" }))).toEqual([]);
  });

  test.for([
    ["the connection breaks", { drop_after: 5 }],
    ["it breaks before the first", { drop_after: 0 }],
    ["an event comes twice", { duplicate: 3 }],
    ["two events change places", { swap: 2 }],
    ["two events change places and the connection breaks between them", { swap: 2, drop_after: 3 }],
    ["the last one is left out", { omit_final: true }],
    ["nothing comes any more, not even a heartbeat", { stall_after: 4 }],
  ] as const)("are all there, once and in order, if %s", async ([, stream], { understudy }) => {
    const { id, last_seq } = await finished(understudy);
    await breakStream(understudy, stream);
    const events = understudy.events({ execution_id: id, silence_ms: 200 });
    expect(await numbers(events)).toEqual(upTo(last_seq));
  });

  test("are all there, once and in order, if the server always swaps two of them", async ({ understudy }) => {
    const { id, last_seq } = await finished(understudy);
    await breakStream(understudy, { swap: 2 }, 1000);
    expect(await numbers(understudy.events({ execution_id: id }))).toEqual(upTo(last_seq));
  });

  test("come back as long as the server is down", async ({ understudy }) => {
    const { id, last_seq } = await finished(understudy);
    await breakStream(understudy, { drop_after: 2 });
    await breakStream(understudy, { refuse_reconnect: 503 });
    expect(await numbers(understudy.events({ execution_id: id }))).toEqual(upTo(last_seq));
    const { items } = await understudy.listRequests({ path: "/api/executions/*/events" });
    expect(items.map((request) => request.status)).toEqual([200, 503, 200]);
  });

  test("come back as long as nobody is there", async ({ understudy }) => {
    const { id, last_seq } = await finished(understudy);
    await breakStream(understudy, { drop_after: 2 });
    await understudy.createFault({ body: { match: { path: "/api/**/events" }, nth: 2, connection: "reset" } });
    expect(await numbers(understudy.events({ execution_id: id }))).toEqual(upTo(last_seq));
  });

  test("end with the problem if the server does not want the reader back", async ({ understudy }) => {
    const { id } = await finished(understudy);
    await breakStream(understudy, { drop_after: 2 });
    await breakStream(understudy, { refuse_reconnect: 410 });
    await expect(all(understudy.events({ execution_id: id }))).rejects.toMatchObject({ status: 410 });
  });

  test("end with the problem if the execution is gone when the reader comes back", async ({ understudy }) => {
    const { id } = await finished(understudy);
    await breakStream(understudy, { drop_after: 2 });
    const events = understudy.events({ execution_id: id });
    await events.next();
    await events.next();
    await understudy.resetSandbox({ body: { scenario: "empty", pace: "stopped" } });
    await expect(all(events)).rejects.toMatchObject({ code: "execution_not_found", status: 404 });
  });

  test("are refused at once where there is no such execution", async ({ understudy }) => {
    const events = all(understudy.events({ execution_id: "nobody" }));
    await expect(events).rejects.toMatchObject({ code: "execution_not_found", status: 404 });
  });

  test("are refused at once where nobody listens", async () => {
    const events = createUnderstudy({ baseUrl: "http://127.0.0.1:9" }).events({ execution_id: "ex" });
    await expect(all(events)).rejects.toThrow("fetch failed");
  });

  test("are given up where the server takes the first request and says nothing", async ({ understudy }) => {
    await understudy.createFault({ body: { match: { path: "/api/events" }, connection: "hang" } });
    const events = all(understudy.events({ silence_ms: 100 }));
    await expect(events).rejects.toThrow("The server gave no sign of life.");
  });

  test("end with the signal, without an error", async ({ understudy }) => {
    const { id } = await started(understudy);
    const abort = new AbortController();
    const seen: StreamedEvent[] = [];
    for await (const event of understudy.events({ execution_id: id, signal: abort.signal })) {
      seen.push(event);
      abort.abort();
    }
    expect(seen.map((event) => event.seq)).toEqual([1]);
  });

  test("end with the signal also while nothing happens", async ({ understudy }) => {
    const { id, last_seq } = await started(understudy);
    const events = understudy.events({ execution_id: id, signal: AbortSignal.timeout(500) });
    const seen = await numbers(events);
    expect(seen).toEqual(upTo(seen.length));
    expect(seen.length).toBeGreaterThanOrEqual(last_seq);
  });

  test("end with the signal also while the connection is away", async ({ understudy }) => {
    const { id } = await started(understudy);
    await breakStream(understudy, { drop_after: 1, refuse_reconnect: 503 }, 1000);
    const events = understudy.events({ execution_id: id, signal: AbortSignal.timeout(500) });
    expect(await numbers(events)).toEqual([1]);
  });

  test("leave no open stream behind when they are left", async ({ understudy }) => {
    const { id } = await started(understudy);
    for await (const event of understudy.events({ execution_id: id })) if (event.seq === 3) break;
    await expect.poll(async () => (await understudy.getState()).counts.streams).toBe(0);
  });
});

describe("the events of a workflow and of the sandbox", () => {
  test("go on until the workflow is deleted", async ({ understudy }) => {
    const { id } = await slowWorkflow(understudy);
    const changes: string[] = [];
    for await (const event of understudy.events({ workflow_id: id })) {
      if (event.type !== "workflow.changed") continue;
      changes.push(event.data.change);
      if (event.data.change === "created") await understudy.updateWorkflow({ workflow_id: id, body: { name: "New" } });
      if (event.data.change === "updated") await understudy.deleteWorkflow({ workflow_id: id });
    }
    expect(changes).toEqual(["created", "updated", "deleted"]);
  });

  test("begin at the latest, and miss nothing from there on", async ({ understudy }) => {
    await slowWorkflow(understudy);
    await breakStream(understudy, { drop_after: 0 });
    const events = understudy.events({ after: "latest" });
    const first = events.next();
    // The first request says where the log ends; from then on, nothing may be missed.
    await expect.poll(async () => (await understudy.listRequests({ path: "/api/events" })).items.length).toBe(2);
    await understudy.createWorkflow({ body: { name: "Mine" } });
    expect((await first).value).toMatchObject({ type: "workflow.changed", data: { name: "Mine" } });
    await events.return();
  });

  test("tell of a reset, and go on with the new log from its start", async ({ understudy }) => {
    await slowWorkflow(understudy);
    const types: string[] = [];
    for await (const event of understudy.events()) {
      types.push(event.type);
      if (event.type === "log.reset") await understudy.createWorkflow({ body: { name: "Anew" } });
      else if (types.length === 1) await understudy.resetSandbox({ body: { scenario: "empty", pace: "stopped" } });
      else break;
    }
    expect(types).toEqual(["workflow.changed", "log.reset", "workflow.changed"]);
  });

  test("tell of a reset that happened while the connection was away", async ({ understudy }) => {
    await slowWorkflow(understudy);
    await slowWorkflow(understudy);
    await breakStream(understudy, { drop_after: 2 });
    const types: string[] = [];
    for await (const event of understudy.events()) {
      types.push(event.type);
      if (types.length === 2) {
        await understudy.resetSandbox({ body: { scenario: "empty", pace: "stopped" } });
        await slowWorkflow(understudy);
      }
      if (types.length === 4) break;
    }
    expect(types).toEqual(["workflow.changed", "workflow.changed", "log.reset", "workflow.changed"]);
  });
});
