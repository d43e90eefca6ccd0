import { describe, expect } from "vitest";

import { createUnderstudy, ProblemError } from "../src/index.js";
import { test } from "../src/vitest.js";
import { slowWorkflow, started } from "./story.js";

describe("a call", () => {
  test("takes parameters of path and query by their names, side by side", async ({ understudy }) => {
    const { id } = await slowWorkflow(understudy);
    const { nodes, edges } = await understudy.getWorkflow({ workflow_id: id, shape: "reactflow" });
    expect([nodes.length, edges.length]).toEqual([2, 1]);
  });

  test("gives what the server answered", async ({ understudy }) => {
    const workflow = await understudy.createWorkflow({ body: { name: "Hello" } });
    expect(await understudy.getWorkflow({ workflow_id: workflow.id })).toEqual(workflow);
  });

  test("takes one value for several, or a list", async ({ understudy }) => {
    const { id } = await started(understudy);
    const found = async (status: "running" | "failed" | ("running" | "failed")[]) =>
      (await understudy.listExecutions({ status })).items.map((execution) => execution.id);
    expect(await found("running")).toEqual([id]);
    expect(await found(["running", "failed"])).toEqual([id]);
    expect(await found("failed")).toEqual([]);
  });

  test("gives nothing where there is no content", async ({ understudy }) => {
    const { id } = await slowWorkflow(understudy);
    expect(await understudy.deleteWorkflow({ workflow_id: id })).toBeUndefined();
  });

  test("shows the headers of its response", async ({ understudy }) => {
    const { data, response } = await understudy.createWorkflow({ body: { name: "Hello" } }).withResponse();
    expect(response.status).toBe(201);
    expect(response.headers.get("ETag")).toMatch(`"${data.revision}-`);
  });

  test("writes ids into the path whatever is in them", async ({ understudy }) => {
    const id = "a/b c?d#e&f%2F.ä";
    const { id: workflow_id } = await understudy.createWorkflow({ body: { nodes: [{ id, type: "delay" }] } });
    expect((await understudy.getNode({ workflow_id, node_id: id })).id).toBe(id);
  });

  test("can be aborted", async ({ understudy }) => {
    await understudy.createFault({ body: { connection: "hang" } });
    const call = understudy.listWorkflows({ signal: AbortSignal.timeout(50) });
    await expect(call).rejects.toThrow(expect.objectContaining({ name: "TimeoutError" }));
  });

  test("uploads files as a form, and reads bytes as a blob", async ({ understudy }) => {
    const files = ["one", "two"].map((text) => new File([text], `${text}.txt`, { type: "text/plain" }));
    const { items } = await understudy.uploadFiles({ body: { file: files } });
    expect(items.map((file) => file.name)).toEqual(["one.txt", "two.txt"]);
    const content = await understudy.getFileContent({ file_id: items[1]!.id });
    expect(await content.text()).toBe("two");
  });

  test("uploads one file as it does several", async ({ understudy }) => {
    const file = new File(["one"], "one.txt", { type: "text/plain" });
    const { items } = await understudy.uploadFiles({ body: { file } });
    expect(items.map((file) => file.name)).toEqual(["one.txt"]);
  });

  test("goes through the fetch that was given, with the headers that were given", async ({ understudy }) => {
    const seen: string[] = [];
    const spying = createUnderstudy({
      baseUrl: `${understudy.url}/`,
      headers: { Prefer: "example=empty" },
      fetch: (request) => {
        seen.push(`${request.method} ${request.url}`);
        return fetch(request);
      },
    });
    await slowWorkflow(understudy);
    expect((await spying.listWorkflows({ page: 1, status: ["idle", "failed"] })).items).toEqual([]);
    expect(seen).toEqual([`GET ${understudy.url}/api/workflows?page=1&status=idle,failed`]);
  });
});

describe("a call that fails", () => {
  test("throws the problem, which says why for programs", async ({ understudy }) => {
    const error = await understudy.getWorkflow({ workflow_id: "nobody" }).catch((error: unknown) => error);
    expect(error).toBeInstanceOf(ProblemError);
    expect(error).toMatchObject({ code: "workflow_not_found", status: 404, errors: [] });
    expect(String(error)).toContain("workflow_not_found");
  });

  test("points at the culprits", async ({ understudy }) => {
    const body = { nodes: [{ id: "a" }, { id: "a" }] };
    await expect(understudy.createWorkflow({ body })).rejects.toMatchObject({
      status: 422,
      errors: [expect.objectContaining({ pointer: "/nodes/1/id" })],
    });
  });

  test("tells a save over somebody else's by its code", async ({ understudy }) => {
    const created = await understudy.createWorkflow({ body: { name: "Shared" } }).withResponse();
    const workflow_id = created.data.id;
    const headers = { "If-Match": created.response.headers.get("ETag")! };
    await understudy.updateWorkflow({ workflow_id, headers, body: { name: "Mine" } });
    const late = understudy.updateWorkflow({ workflow_id, headers, body: { name: "Yours" } });
    await expect(late).rejects.toMatchObject({ code: "revision_mismatch", status: 412 });
  });

  test("may fail because nothing is new", async ({ understudy }) => {
    const { data, response } = await understudy.createWorkflow({ body: { name: "Shared" } }).withResponse();
    const headers = { "If-None-Match": response.headers.get("ETag")! };
    await expect(understudy.getWorkflow({ workflow_id: data.id, headers })).rejects.toMatchObject({ status: 304 });
  });

  test("is a problem, too, where something else than Understudy answers", async () => {
    const proxy = async () => new Response("<h1>Bad Gateway</h1>", { status: 502, statusText: "Bad Gateway" });
    const call = createUnderstudy({ baseUrl: "http://nowhere.test", fetch: proxy }).listWorkflows();
    await expect(call).rejects.toMatchObject({ code: "http_502", problem: { detail: "<h1>Bad Gateway</h1>" } });
  });

  test("is told once, to whoever takes the response", async ({ understudy }) => {
    const call = understudy.getWorkflow({ workflow_id: "nobody" }).withResponse();
    await expect(call).rejects.toBeInstanceOf(ProblemError);
  });
});
