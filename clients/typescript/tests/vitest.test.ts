import { describe, expect } from "vitest";

import { createUnderstudy, openSandbox } from "../src/index.js";
import { test } from "../src/vitest.js";

describe.concurrent("a sandbox for each test", () => {
  const names = new Set<string>();

  for (const run of [1, 2, 3])
    test(`is empty, and nobody else's (${run})`, async ({ understudy }) => {
      expect(names).not.toContain(understudy.name);
      names.add(understudy.name);
      await understudy.createWorkflow({ body: { name: understudy.name } });
      expect((await understudy.listWorkflows()).items.map(({ name }) => name)).toEqual([understudy.name]);
    });
});

async function namesOfSandboxes(baseUrl: string): Promise<string[]> {
  return (await createUnderstudy({ baseUrl }).listSandboxes()).items.map(({ sandbox }) => sandbox);
}

describe("a sandbox", () => {
  let former: string;

  test("is there for its test", async ({ understudyUrl, understudy }) => {
    former = understudy.name;
    expect(await namesOfSandboxes(understudyUrl)).toContain(former);
  });

  test("is gone after its test", async ({ understudyUrl }) => {
    expect(await namesOfSandboxes(understudyUrl)).not.toContain(former);
  });

  test("is gone behind its block", async ({ understudyUrl, understudy }) => {
    const name = `${understudy.name}-other`;
    {
      await using other = await openSandbox({ baseUrl: understudyUrl, name });
      expect(await namesOfSandboxes(understudyUrl)).toContain(other.name);
    }
    expect(await namesOfSandboxes(understudyUrl)).not.toContain(name);
  });

  test("shows the control token to what directs it, and to nothing else", async ({ understudyUrl, understudy }) => {
    const seen: string[] = [];
    const spying = (request: Request) => {
      const { pathname } = new URL(request.url);
      seen.push(`${pathname.replace(/^.s.[^/]+/, "")} ${request.headers.get("Authorization")}`);
      return fetch(request);
    };
    const options = {
      baseUrl: understudyUrl,
      name: `${understudy.name}-other`,
      controlToken: "correct-horse",
      fetch: spying,
    };
    await using other = await openSandbox(options);
    await other.listWorkflows();
    expect(seen).toEqual(["/_control/reset Bearer correct-horse", "/api/workflows null"]);
  });

  test("may be removed by its test", async ({ understudy }) => {
    await understudy.remove();
  });
});

describe("a sandbox with another beginning", () => {
  const later = test.extend({ understudyReset: { scenario: "demo", pace: "stopped", now: "2026-03-01T12:00:00Z" } });

  later("has what its scenario has, when it was said to begin", async ({ understudy }) => {
    expect((await understudy.listWorkflows()).items).not.toEqual([]);
    expect(await understudy.clock.now()).toEqual(new Date("2026-03-01T12:00:00Z"));
  });
});
