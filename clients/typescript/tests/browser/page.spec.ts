import type { Page } from "@playwright/test";
import { createUnderstudy } from "understudy-client";
import { expect, type Sandbox, test } from "understudy-client/playwright";

const { PAGE_URL } = process.env;
test.use({ ...(PAGE_URL && { baseURL: PAGE_URL }) });

/** Open the run view on a sandbox, and press Run. */
async function run(page: Page, understudy: Sandbox): Promise<string> {
  await page.goto(`/?understudy=${understudy.url}`);
  await page.getByRole("button", { name: "Run" }).click();
  await expect(page.locator("#status")).toHaveText("running");
  return (await understudy.listExecutions()).items[0]!.id;
}

test("a page follows an execution", async ({ page, understudy }) => {
  const execution_id = await run(page, understudy);
  await understudy.clock.until({ execution_id, status: "completed" });
  await expect(page.locator("#status")).toHaveText("completed");
});

test("a page comes back where a stream broke, and misses nothing", async ({ page, understudy }) => {
  await understudy.createFault({ body: { match: { path: "/api/**/events" }, stream: { drop_after: 5 }, times: 1 } });
  const execution_id = await run(page, understudy);
  await understudy.clock.until({ execution_id, status: "completed" });
  const { last_seq } = await understudy.getExecution({ execution_id });
  const numbers = Array.from({ length: last_seq }, (_, place) => place + 1).join(" ");
  await expect(page.locator("#numbers")).toHaveText(numbers);
  const { items } = await understudy.listRequests({ path: "/api/executions/*/events" });
  expect(items.map((request) => request.status)).toEqual([200, 200]);
});

test("a page comes back also while its clock stands", async ({ page, understudy, clocks }) => {
  await understudy.createFault({ body: { match: { path: "/api/**/events" }, stream: { drop_after: 5 }, times: 1 } });
  await run(page, understudy);
  await clocks.advance("1m");
  await expect(page.locator("#status")).toHaveText("completed");
});

test("both clocks stand still at the same moment", async ({ page, understudy, clocks }) => {
  await run(page, understudy);
  await clocks.pause();
  const moments = [await page.evaluate(() => Date.now()), (await understudy.clock.now()).getTime()];
  expect(moments[0]).toBe(moments[1]);
});

test("both clocks go on together", async ({ page, understudy, clocks }) => {
  await run(page, understudy);
  await clocks.pause();
  const seconds = Number(await page.locator("#seconds").textContent());
  await clocks.advance("5s");
  await expect(page.locator("#seconds")).toHaveText(`${seconds + 5}`);
  await expect(page.locator("#now")).toContainText("2026-01-01T09:00:0");
  await clocks.advance(55_000);
  await expect(page.locator("#seconds")).toHaveText(`${seconds + 60}`);
  await expect(page.locator("#status")).toHaveText("completed");
});

test("both clocks jump together, where a timer fires once at most", async ({ page, understudy, clocks }) => {
  await run(page, understudy);
  await clocks.pause();
  const seconds = Number(await page.locator("#seconds").textContent());
  await clocks.jump("1h");
  await expect(page.locator("#seconds")).toHaveText(`${seconds + 1}`);
  expect(await page.evaluate(() => Date.now())).toBe((await understudy.clock.now()).getTime());
});

test("both clocks go on until something happens in the backend", async ({ page, understudy, clocks }) => {
  const execution_id = await run(page, understudy);
  const { events } = await clocks.until({ execution_id, event: "node.completed" });
  expect(events.at(-1)?.at).toBe("2026-01-01T09:01:00.000Z");
  expect(await page.evaluate(() => new Date().toISOString())).toBe("2026-01-01T09:01:00.000Z");
  await expect(page.locator("#status")).toHaveText("completed");
});

test.describe("a sandbox with another beginning", () => {
  test.use({ understudyReset: { scenario: "mid-flight", pace: "stopped" } });

  test("has what its scenario has", async ({ understudy }) => {
    expect((await understudy.listExecutions({ status: "running" })).items).not.toEqual([]);
  });
});

test.describe("a worker's sandbox", () => {
  test.describe.configure({ mode: "serial" });
  let name: string;

  test("is empty for each test", async ({ understudy }) => {
    name = understudy.name;
    expect((await understudy.listWorkflows()).items).toEqual([]);
  });

  test("is gone behind its test", async ({ understudyUrl }) => {
    const { items } = await createUnderstudy({ baseUrl: understudyUrl }).listSandboxes();
    expect(items.map(({ sandbox }) => sandbox)).not.toContain(name);
  });
});
