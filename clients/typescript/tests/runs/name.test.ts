// Run by tests/runs.test.ts.
import { test } from "understudy-client/vitest";

test("has a sandbox", ({ understudy }) => console.log(understudy.name));
