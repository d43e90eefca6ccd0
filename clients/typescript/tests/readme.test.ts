import { execFile } from "node:child_process";
import { chmod, mkdir, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

import { beforeAll, describe, expect, test, vi } from "vitest";

import { RUN } from "./server.js";

const PACKAGE = fileURLToPath(new URL("..", import.meta.url));
const READER = join(PACKAGE, "tests", ".reader");
const FILES = {
  "package.json": { type: "module", private: true, scripts: { dev: "vite ../browser --strictPort --port 5173" } },
  "tsconfig.json": {
    extends: "../../tsconfig.json",
    compilerOptions: { module: "ESNext", moduleResolution: "bundler" },
    include: ["**/*.ts"],
  },
};

/** A block of TypeScript in the README, and the output that stands behind it. */
interface Example {
  readonly file: string;
  readonly text: string;
  readonly output: string | undefined;
}

const README = await readFile(join(PACKAGE, "README.md"), "utf8");
const EXAMPLES = [...README.matchAll(/^```ts\n\/\/ (\S+)\n(.*?)^```\n(?:\n```text\n(.*?)^```)?/gms)].map(
  ([, file, text, output]): Example => ({ file: file!, text: text!, output }),
);
const SCRIPTS = EXAMPLES.filter(({ output }) => output !== undefined);

/** The server that a script is run against; where a user logs in, it looks at users. */
function serverOf(file: string): string {
  return process.env[file === "users.ts" ? "URL_WITH_USERS" : "UNDERSTUDY_URL"]!;
}

/** A free port. */
async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  const { port } = server.address() as { port: number };
  await new Promise((done) => server.close(done));
  return port;
}

async function put(file: string, text: string): Promise<string> {
  const path = join(READER, file);
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, text);
  return path;
}

/** Run a program in the reader's folder; gives what it printed, and fails as it does. */
async function run(...command: readonly string[]): Promise<string> {
  const [program, ...options] = [join(PACKAGE, "node_modules", ".bin", command[0]!), ...command.slice(1)];
  const env = { ...process.env, PATH: `${join(READER, "bin")}:${process.env["PATH"]}` };
  return promisify(execFile)(program!, options, { cwd: READER, env }).then(
    ({ stdout }) => stdout,
    (error: { stdout: string; stderr: string }) => Promise.reject(new Error(error.stdout + error.stderr)),
  );
}

/** The folder of a reader, in which the package is installed, and `understudy` is a command. */
beforeAll(async () => {
  await rm(READER, { recursive: true, force: true });
  const ports = { 8000: await freePort(), 5173: await freePort() };
  const ported = (text: string) => text.replace(/\b(8000|5173)\b/g, (port) => String(ports[port as keyof object]));
  for (const [file, content] of Object.entries(FILES)) await put(file, ported(JSON.stringify(content)));
  for (const { file, text } of EXAMPLES) {
    const isScript = SCRIPTS.some((script) => script.file === file);
    await put(file, isScript ? text.replace("http://localhost:8000", serverOf(file)) : ported(text));
  }
  await mkdir(join(READER, "node_modules"));
  await symlink(PACKAGE, join(READER, "node_modules", "understudy-client"));
  await chmod(await put("bin/understudy", `#!/bin/sh\nexec "\${PYTHON:-python3}" "${RUN}" "$@"\n`), 0o755);
  await put("vitest.config.ts", "export default {};\n"); // Vitest would take that of the folders above.
  // The reader has a browser of Playwright's own.
  const chosen = `import config from "./playwright.config.js";\nimport { chromium } from "../chromium.js";\n`;
  const use = "use: { ...config.use, launchOptions: { executablePath: chromium() } }";
  await put("here.config.ts", `${chosen}export default { ...config, ${use} };\n`);
});

describe("an example of the README", () => {
  test("is of a known kind", () => {
    expect(README.match(/^```ts/gm)).toHaveLength(EXAMPLES.length);
    const others = EXAMPLES.filter((example) => !SCRIPTS.includes(example)).map(({ file }) => file);
    expect(others).toEqual(["unit/nightly.test.ts", "playwright.config.ts", "e2e/run.spec.ts"]);
  });

  test("has right types", { timeout: 120_000 }, async () => {
    expect(await run("tsc", "-p", ".")).toBe("");
  });

  test.for(SCRIPTS)("prints what stands behind it: $file", async ({ file, output }) => {
    const lines: string[] = [];
    vi.spyOn(console, "log").mockImplementation((...words) => void lines.push(words.join(" ")));
    await import(join(READER, file));
    vi.restoreAllMocks();
    expect(lines.join("\n")).toBe(output!.trimEnd());
  });

  test("passes with Vitest", { timeout: 120_000 }, async () => {
    expect(await run("vitest", "run", "unit", "--root", READER)).toMatch(/Tests .*1 passed/);
  });

  test("passes with Playwright", { timeout: 120_000 }, async () => {
    expect(await run("playwright", "test", "--config", "here.config.ts", "--reporter", "list")).toContain("2 passed");
  });
});
