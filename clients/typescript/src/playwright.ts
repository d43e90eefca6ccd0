import { test as base } from "@playwright/test";

import { Clocks } from "./clocks.js";
import { type Beginning, openSandbox, type Sandbox } from "./sandbox.js";
import { BEGINNING, CONTROL_TOKEN, SERVER_URL, WORD } from "./testing.js";

export { expect } from "@playwright/test";
export { Clocks };
export type { Beginning, Sandbox };

/** What a project may choose with `use`. */
export interface Options {
  /** The address of the server; `UNDERSTUDY_URL`, or `http://localhost:8000`. */
  understudyUrl: string;
  /** How each sandbox begins; empty and its clock stopped. */
  understudyReset: Beginning;
}

/** What tests are given. */
export interface Fixtures {
  /** The sandbox of one test, deleted afterwards. */
  understudy: Sandbox;
  /** The clock of `page` and that of the sandbox, moved together. */
  clocks: Clocks;
}

/** Playwright's `test`, with a sandbox for each test that asks for `understudy`, and both clocks. */
export const test = base.extend<Options & Fixtures>({
  understudyUrl: [SERVER_URL, { option: true }],
  understudyReset: [BEGINNING, { option: true }],
  understudy: async ({ understudyUrl, understudyReset }, use) => {
    // A worker runs one test at a time.
    const name = `worker-${WORD}`;
    const sandbox = await openSandbox({
      baseUrl: understudyUrl,
      name,
      reset: understudyReset,
      controlToken: CONTROL_TOKEN,
    });
    await use(sandbox);
    await sandbox.remove();
  },
  clocks: async ({ page, understudy }, use) => {
    await use(await Clocks.install(page, understudy));
  },
});
