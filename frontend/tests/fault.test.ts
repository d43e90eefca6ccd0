import type { Rule } from "understudy-client";
import { expect, test } from "vitest";

import { BLANK, type FaultDraft, toFault, withoutCounts } from "../src/director/fault.ts";
import { PRESETS } from "../src/director/presets.ts";
import { effectOf, subjectOf } from "../src/director/wording.ts";

const rule = (part: Partial<FaultDraft>) => toFault({ ...BLANK, ...part });
const shown = (part: object): Rule => ({ id: "rule_1", matched: 0, applied: 0, ...part });

test("what a form leaves empty is not sent", () => {
  expect(rule({})).toEqual({ status: 503 });
});

test.for<[Partial<FaultDraft>, object]>([
  [
    { method: "PUT", path: "/api/**", code: "revision_mismatch", status: "" },
    { match: { method: "PUT", path: "/api/**" }, code: "revision_mismatch" },
  ],
  [{ answer: "none", delay: "fixed", delayFirst: "1500" }, { delay_ms: 1500 }],
  [
    { answer: "hang", delay: "between" },
    { connection: "hang", delay_ms: [800, 2000] },
  ],
  [
    { answer: "none", delay: "lognormal", delaySecond: "0.5" },
    { delay_ms: { distribution: "lognormal", median: 800, sigma: 0.5 } },
  ],
  [
    { kind: "node", node_id: "a", failAttempts: "2", path: "/api/**" },
    { match: { node_id: "a" }, node: { error: BLANK.error, fail_attempts: 2 } },
  ],
  [{ kind: "node", error: "", duration: "10" }, { node: { duration_ms: 10 } }],
  [{ kind: "stream", node_id: "a" }, { stream: { drop_after: 5 } }],
  [{ kind: "stream", effect: "delay", at: "3", late: "2000" }, { stream: { delay: 3, delay_ms: 2000 } }],
  [{ kind: "stream", effect: "omit_final" }, { stream: { omit_final: true } }],
  [
    { nth: "2", times: "3", probability: "25", id: "mine" },
    { id: "mine", status: 503, nth: 2, times: 3, probability: 0.25 },
  ],
  [{ nth: "2, 5" }, { status: 503, nth: [2, 5] }],
])("a form of a rule is that rule: %j", ([part, sent]) => {
  expect(rule(part)).toEqual(sent);
});

test("a share in percent is sent as the number that people would write", () => {
  expect(toFault({ ...BLANK, probability: "33.3" })).toMatchObject({ probability: 0.333 });
});

test("a rule that is sent back has no counts", () => {
  expect(withoutCounts(shown({ status: 503 }))).toEqual({ id: "rule_1", status: 503 });
});

test.for<[object, string, string]>([
  [{ status: 503 }, "All requests", "answered with 503"],
  [
    { match: { method: "GET", path: "/api/*" }, delay_ms: [1, 2], connection: "reset" },
    "GET /api/*",
    "1 to 2 ms late; the connection is reset",
  ],
  [
    { match: { node_id: "a" }, node: { error: "x", fail_attempts: 2 }, times: 1 },
    "Node a",
    "the first 2 attempts fail; at most once",
  ],
  [{ node: { duration_ms: 9 }, probability: 0.333 }, "All nodes", "each takes 9 ms; in 33.3 % of the cases"],
  [
    { stream: { drop_after: 5, refuse_reconnect: true }, nth: [2, 5] },
    "Streams of any path",
    "the connection breaks after event 5; who comes back is refused with 503; only number 2, 5",
  ],
])("a rule is told in words: %j", ([part, subject, effect]) => {
  expect(subjectOf(shown(part))).toBe(subject);
  expect(effectOf(shown(part))).toBe(effect);
});

test("each ready-made rule is told in words", () => {
  for (const preset of PRESETS) expect(effectOf(shown(preset.rule))).not.toBe("");
});
