import { execFile } from "node:child_process";
import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";

import { Clock, createUnderstudy, openSandbox, type SnapshotDocument } from "understudy-client";
import { afterAll, beforeAll, describe, expect, test } from "vitest";

import { lineOf, type Language } from "../src/director/line.ts";
import type { Place, Recipe } from "../src/director/recipe.ts";

/** Text that means something to every shell and language. */
const NASTY = `it's "$HOME" \`id\` $(id) \\ !! #\n\t{a,b} %41 \u2028 é 😀 <&>|;*?[x]`;

const DOCUMENT = { format: "understudy-snapshot", version: 1, note: NASTY } as SnapshotDocument;
const FILE = "it's $mine.json";

const RECIPES: Readonly<Record<string, Recipe>> = {
  "a reset": { id: "resetSandbox", given: { body: { scenario: NASTY, seed: 42, pace: "fast", rate: 0.5 } } },
  "another sandbox": { id: "resetSandbox", given: { body: { scenario: NASTY, now: "2026-03-01" } }, sandbox: "other" },
  freeze: { id: "setClock", given: { body: { pace: "stopped" } } },
  "freeze at a moment": { id: "setClock", given: { body: { pace: "stopped", now: "2026-03-01T12:00:00Z" } } },
  "go on": { id: "setClock", given: { body: { pace: "real" } } },
  "a rate": { id: "setClock", given: { body: { pace: "fast", rate: 20, now: undefined } } },
  seconds: { id: "advanceClock", given: { body: { seconds: 90 } } },
  milliseconds: { id: "advanceClock", given: { body: { seconds: 1.001 } } },
  "half a millisecond": { id: "advanceClock", given: { body: { seconds: 0.0005 } } },
  "a moment": { id: "advanceClock", given: { body: { to: "2026-03-01T12:00:00Z" } } },
  "a step": { id: "advanceClock", given: { body: { events: 1 } } },
  steps: { id: "advanceClock", given: { body: { events: 12 } } },
  until: {
    id: "advanceClock",
    given: { body: { until: { node_id: NASTY, status: "completed", event: undefined }, limit_seconds: 3600 } },
  },
  "a rule": {
    id: "createFault",
    given: {
      body: { id: "x", match: { path: NASTY }, delay_ms: [1, 2], stream: { omit_final: true }, probability: 0.25 },
    },
  },
  rules: { id: "replaceFaults", given: { body: [{ status: 503, times: 2 }, { node: { error: NASTY } }] } },
  "no rules": { id: "deleteFaults", given: {} },
  requests: { id: "listRequests", given: { method: "GET", path: NASTY, status: 404 } },
  "all requests": { id: "listRequests", given: {} },
  "fewer requests": { id: "clearRequests", given: { path: NASTY } },
  "no requests": { id: "clearRequests", given: {} },
  "no sandbox": { id: "deleteSandbox", given: { sandbox: "worker-0" } },
  "a snapshot": { id: "takeSnapshot", given: { body: { name: NASTY } } },
  "a download": { id: "downloadSnapshot", given: { snapshot: "a/b'c" }, file: "it's there.json" },
  "an upload": { id: "uploadSnapshot", given: { snapshot: "ready", body: DOCUMENT }, file: FILE },
  "no snapshot": { id: "deleteSnapshot", given: { snapshot: "ready" } },
  "a restore": { id: "restoreSnapshot", given: { snapshot: "ready" } },
  "a fork": { id: "forkSnapshot", given: { snapshot: "a/b'c", body: { sandbox: "other" } } },
};

interface Heard {
  readonly asked: string;
  readonly query: object;
  readonly body: unknown;
  readonly token: string | undefined;
}

const heard: Heard[] = [];
const server = createServer((request, response) => {
  void hear(request).then(() => {
    response.setHeader("Content-Type", "application/json");
    response.end(JSON.stringify({ now: "2026-01-01T09:00:00Z", reached: true, events: [], items: [] }));
  });
});
let place: Place;
let folder: string;

beforeAll(async () => {
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  const at = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  place = { server: at, url: `${at}/s/mine`, hasToken: false };
  folder = await mkdtemp(join(tmpdir(), "lines-"));
  await writeFile(join(folder, FILE), JSON.stringify(DOCUMENT));
});

afterAll(async () => {
  server.close();
  await rm(folder, { recursive: true });
});

async function hear(request: IncomingMessage): Promise<void> {
  const text = (await request.toArray()).join("");
  const { pathname, searchParams } = new URL(request.url!, "http://here");
  const asked = `${request.method} ${decodeURIComponent(pathname)}`;
  const query = Object.fromEntries(searchParams);
  heard.push({ asked, query, body: text ? JSON.parse(text) : undefined, token: request.headers.authorization });
}

/** What the server heard while something was done. */
async function during(act: () => Promise<unknown>): Promise<Heard[]> {
  heard.length = 0;
  await act();
  return [...heard];
}

/** What the panel sends for a recipe. */
function send({ id, given, sandbox }: Recipe): Promise<unknown> {
  const address = sandbox === undefined ? { baseUrl: place.url } : { baseUrl: place.server, sandbox };
  return (createUnderstudy(address)[id] as (given: unknown) => Promise<unknown>)(given);
}

async function run(program: string, ...words: string[]): Promise<void> {
  await promisify(execFile)(program, words, {
    cwd: folder,
    env: { ...process.env, UNDERSTUDY_CONTROL_TOKEN: "it's me" },
  });
}

const AsyncFunction = Object.getPrototypeOf(run).constructor as new (
  ...words: string[]
) => (...given: unknown[]) => Promise<void>;

/** TypeScript without types is JavaScript; what it imports is given. */
async function runTypeScript(text: string): Promise<void> {
  const files = await import("node:fs/promises");
  const understudy = createUnderstudy({ baseUrl: place.url });
  const readFile = (file: string) => files.readFile(join(folder, file), "utf8");
  const line = text.replace(/^import .*$/m, "");
  const names = {
    understudy: { ...understudy, clock: new Clock(understudy) },
    openSandbox,
    readFile,
    writeFile: () => undefined,
  };
  await new AsyncFunction(...Object.keys(names), line)(...Object.values(names));
}

const HELPER = `
import importlib, pathlib, sys
sys.path.insert(0, ${JSON.stringify(new URL("../../backend", import.meta.url).pathname)})
testing = sys.modules["understudy.testing"] = importlib.import_module("app.testing")
sys.modules["understudy"] = sys.modules["app"]
understudy = testing.SandboxClient(sys.argv[1], "mine")
exec(sys.argv[2])
`;

const RUNS: Readonly<Record<Language, (line: string) => Promise<unknown>>> = {
  curl: (line) => run("bash", "-c", line),
  typescript: runTypeScript,
  python: (line) => run(process.env["PYTHON"] ?? "python3", "-c", HELPER, place.server, line),
};

describe.for(Object.keys(RUNS) as Language[])("a line of %s", (language) => {
  test.for(Object.entries(RECIPES))("sends what the panel sends: %s", async ([, recipe]) => {
    const wanted = await during(() => send(recipe));
    expect(wanted).toHaveLength(1);
    expect(await during(() => RUNS[language](lineOf(language, recipe, place)))).toEqual(wanted);
  });
});

test("a line of curl shows the control token by its variable", async () => {
  const line = lineOf("curl", { id: "deleteFaults", given: {} }, { ...place, hasToken: true });
  expect(line).toContain('"Authorization: Bearer $UNDERSTUDY_CONTROL_TOKEN"');
  expect((await during(() => run("bash", "-c", line)))[0]!.token).toBe("Bearer it's me");
});

test.for(["typescript", "python"] as const)(
  "another sandbox in %s takes the control token from its variable",
  (language) => {
    const line = lineOf(language, RECIPES["another sandbox"]!, { ...place, hasToken: true });
    expect(line).toMatch(/(process\.env|os\.environ)\["UNDERSTUDY_CONTROL_TOKEN"\]/);
  },
);

test.for<[Language, string, string]>([
  ["curl", "seconds", `curl -s -H 'Content-Type: application/json' -d '{"seconds": 90}' URL/_control/clock/advance`],
  ["curl", "no rules", "curl -s -X DELETE URL/_control/faults"],
  ["typescript", "seconds", 'await understudy.clock.advance("90s");'],
  ["typescript", "a step", "await understudy.clock.step();"],
  ["python", "a step", "understudy.clock.step()"],
  ["python", "freeze at a moment", 'understudy.clock.pause_at("2026-03-01T12:00:00Z")'],
])("a line of %s reads as the documentation writes it: %s", ([language, name, line]) => {
  expect(lineOf(language, RECIPES[name]!, place).replace(place.url, "URL")).toBe(line);
});
