import { test as base } from "vitest";

import { type Beginning, openSandbox, type Sandbox } from "./sandbox.js";
import { BEGINNING, CONTROL_TOKEN, SERVER_URL, WORD } from "./testing.js";

export type { Beginning, Sandbox };

/** What tests are given, and may choose with `test.extend` or `test.scoped`. */
export interface Fixtures {
  /** The address of the server; `UNDERSTUDY_URL`, or `http://localhost:8000`. */
  understudyUrl: string;
  /** How each sandbox begins; empty and its clock stopped. */
  understudyReset: Beginning;
  /** The sandbox of one test, deleted afterwards. */
  understudy: Sandbox;
}

let opened = 0;

/** Vitest's `test`, with a sandbox for each test that asks for `understudy`. */
export const test = base.extend<Fixtures>({
  understudyUrl: SERVER_URL,
  understudyReset: BEGINNING,
  understudy: async ({ understudyUrl, understudyReset }, use) => {
    // Tests of one worker may run at the same time, too.
    const name = `vitest-${WORD}-${++opened}`;
    const sandbox = await openSandbox({
      baseUrl: understudyUrl,
      name,
      reset: understudyReset,
      controlToken: CONTROL_TOKEN,
    });
    await use(sandbox);
    await sandbox.remove();
  },
});
