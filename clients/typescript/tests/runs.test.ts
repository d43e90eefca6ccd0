import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

import { expect, test } from "vitest";

const RUNS = fileURLToPath(new URL("runs", import.meta.url));
const BIN = fileURLToPath(new URL("../node_modules/.bin/", import.meta.url));

test.for([
  ["Vitest", "vitest", "run", "name.test.ts", "--root", RUNS],
  ["Playwright", "playwright", "test", "name.spec.ts", "--reporter", "line", "--output", ".results"],
] as const)("two runs of %s at one server have no sandbox in common", async ([, program, ...options]) => {
  const run = async () => {
    const { stdout } = await promisify(execFile)(BIN + program, options, { cwd: RUNS });
    return /(vitest|worker)-[\w-]+/.exec(stdout)?.[0];
  };
  const one = await run();
  expect(one).toBeDefined();
  expect(await run()).not.toBe(one);
});
