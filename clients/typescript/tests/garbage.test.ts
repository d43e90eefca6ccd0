import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

import { expect, test } from "vitest";

const PROGRAM = fileURLToPath(new URL("programs/garbage.mjs", import.meta.url));

test.for([
  ["new", []],
  ["hot, so that Node has optimized it", ["--always-turbofan"]],
] as const)("a reading ends when it shall, though garbage was collected, if the code is %s", async ([, options]) => {
  const { stdout } = await promisify(execFile)(process.execPath, ["--expose-gc", ...options, PROGRAM]);
  expect(JSON.parse(stdout)).toEqual({
    "events, by their signal": "over",
    "events, by silence": "over",
    "bytes, by their signal": "AbortError",
    "JSON, by its signal": "AbortError",
  });
});
