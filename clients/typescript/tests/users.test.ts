import { describe, expect } from "vitest";

import { createUnderstudy, type Sandbox, type Understudy } from "../src/index.js";
import { test as base } from "../src/vitest.js";
import { all, finished, numbers, slowWorkflow, upTo } from "./story.js";

const test = base.extend({ understudyUrl: process.env["URL_WITH_USERS"]! });

/** The access token of one of the users that are in every sandbox. */
async function logIn(understudy: Understudy, username = "alice"): Promise<string> {
  return (await understudy.login({ body: { username, password: `${username}-password` } })).access_token;
}

/** The sandbox as a user sees it. */
async function client(understudy: Sandbox, token?: () => string): Promise<Sandbox> {
  const options = { baseUrl: understudy.url, token: token ?? (await logIn(understudy)) };
  return { ...understudy, ...createUnderstudy(options) };
}

describe("where everybody must log in", () => {
  test("a call without a token is refused", async ({ understudy }) => {
    await expect(understudy.listWorkflows()).rejects.toMatchObject({ code: "not_authenticated", status: 401 });
  });

  test("a client with a token is its user", async ({ understudy }) => {
    expect((await (await client(understudy)).getMe()).username).toBe("alice");
  });

  test("a client with an API key is its user", async ({ understudy }) => {
    const { key: apiKey } = await (await client(understudy)).createApiKey({ body: { name: "CI" } });
    const program = createUnderstudy({ baseUrl: understudy.url, apiKey });
    expect((await program.getMe()).username).toBe("alice");
  });

  test("each call has the token of its moment", async ({ understudy }) => {
    let token: string | undefined;
    const changing = createUnderstudy({ baseUrl: understudy.url, token: async () => token });
    await expect(changing.getMe()).rejects.toMatchObject({ code: "not_authenticated" });
    token = await logIn(understudy, "alice");
    expect((await changing.getMe()).username).toBe("alice");
    token = await logIn(understudy, "admin");
    expect((await changing.getMe()).username).toBe("admin");
  });

  test("a client may log in for its own token", async ({ understudy }) => {
    const itself: Understudy = createUnderstudy({ baseUrl: understudy.url, token: () => logIn(itself) });
    expect((await itself.getMe()).username).toBe("alice");
  });

  test("a token that has expired is renewed through the same client", async ({ understudy }) => {
    let session = await understudy.login({ body: { username: "alice", password: "alice-password" } });
    const alice = createUnderstudy({ baseUrl: understudy.url, token: () => session.access_token });
    await understudy.clock.advance("1h");
    await expect(alice.getMe()).rejects.toMatchObject({ code: "token_expired" });
    session = await alice.refresh({ body: { refresh_token: session.refresh_token } });
    expect((await alice.getMe()).username).toBe("alice");
  });

  test("a token is not shown to what directs the sandbox", async ({ understudy }) => {
    const seen: (string | null)[] = [];
    const fetch = (request: Request) => {
      seen.push(request.headers.get("Authorization"));
      return globalThis.fetch(request);
    };
    const alice = createUnderstudy({ baseUrl: understudy.url, token: await logIn(understudy), fetch });
    await alice.getClock();
    await alice.listWorkflows();
    expect(seen).toEqual([null, expect.stringMatching(/^Bearer /)]);
  });

  test("what one call says of who asks goes before what the client says", async ({ understudy }) => {
    const alice = await client(understudy);
    const headers = { Authorization: `Bearer ${await logIn(understudy, "admin")}` };
    expect((await alice.getMe({ headers })).username).toBe("admin");
  });
});

describe("the events of a user", () => {
  test("come with the token", async ({ understudy }) => {
    const alice = await client(understudy);
    const { id, last_seq } = await finished(alice);
    expect(await numbers(alice.events({ execution_id: id }))).toEqual(upTo(last_seq));
    await expect(all(understudy.events({ execution_id: id }))).rejects.toMatchObject({ code: "not_authenticated" });
  });

  test("come back with the token of that moment", async ({ understudy }) => {
    let token = await logIn(understudy);
    const alice = await client(understudy, () => token);
    const { id, last_seq } = await finished(alice);
    await understudy.createFault({
      body: { match: { path: "/api/**/events" }, stream: { drop_after: 2 }, times: 1 },
    });
    const events = alice.events({ execution_id: id });
    await events.next();
    await understudy.clock.advance("1h");
    token = await logIn(understudy);
    expect(await numbers(events)).toEqual(upTo(last_seq).slice(1));
  });
});

describe("an address for a page", () => {
  const text = (address: string) => fetch(address).then((response) => response.text());

  test("opens without a header, for a minute", async ({ understudy }) => {
    const alice = await client(understudy);
    const { items } = await alice.uploadFiles({ body: { file: new File(["Hello"], "hello.txt") } });
    const address = await alice.address("getFileContent", { file_id: items[0]!.id });
    expect(await text(address)).toBe("Hello");
    await understudy.clock.advance("2m");
    expect(await text(address)).toContain("token_expired");
  });

  test("is made with an API key, too", async ({ understudy }) => {
    const alice = await client(understudy);
    const { key: apiKey } = await alice.createApiKey({ body: { name: "CI" } });
    const { id } = (await alice.uploadFiles({ body: { file: new File(["Hello"], "hello.txt") } })).items[0]!;
    const program = createUnderstudy({ baseUrl: understudy.url, apiKey });
    expect(await text(await program.address("getFileContent", { file_id: id }))).toBe("Hello");
  });

  test("has the parameters of its operation", async ({ understudy }) => {
    const alice = await client(understudy);
    const { id } = await slowWorkflow(alice);
    const { pathname, searchParams } = new URL(
      await alice.address("listWorkflowEvents", { workflow_id: id, after: 2 }),
    );
    expect(pathname).toMatch(`/api/workflows/${id}/events`);
    expect([...searchParams.keys()]).toEqual(["after", "access_token"]);
  });

  test("has no token where nobody has logged in", async () => {
    const understudy = createUnderstudy({ baseUrl: "" });
    expect(await understudy.address("getFileThumbnail", { file_id: "a/b" })).toBe("/api/files/a%2Fb/thumbnail");
    expect(await understudy.address("openSocket")).toBe("/api/ws");
  });
});

describe("the doors of other backends", () => {
  test("are called like everything else, slashes at the end and all", async ({ understudy }) => {
    const alice = await client(understudy);
    const flow = await alice.djangoCreateFlow({ body: { name: "Hall 2", nodes: [{ id: "read", type: "sensor" }] } });
    expect((await alice.djangoListFlows()).map(({ name }) => name)).toEqual(["Hall 2"]);
    expect((await alice.djangoExecuteFlow({ flow_id: flow.id })).status).toBe("started");
    expect((await alice.webuiListFlows()).map(({ name }) => name)).toEqual(["Hall 2"]);
    expect((await alice.listWorkflows()).items.map(({ number }) => number)).toEqual([flow.id]);
  });

  test("refuse as those do, which is a problem, too", async ({ understudy }) => {
    const alice = await client(understudy);
    const problem = (detail: string) => ({ code: "http_404", status: 404, problem: { detail } });
    await expect(alice.djangoGetFlow({ flow_id: 7 })).rejects.toMatchObject(
      problem("No FlowDiagram matches the given query."),
    );
    await expect(alice.webuiGetFlow({ flow_id: "none" })).rejects.toMatchObject(problem("Not Found"));
    const nameless = alice.djangoCreateFlow({ body: { name: "" } });
    await expect(nameless).rejects.toThrow('{"name":["This field may not be blank."]}');
  });
});
