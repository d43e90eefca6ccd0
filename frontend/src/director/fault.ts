import type { Rule } from "understudy-client";

import { numberIn, textIn } from "./text.ts";

/** A rule as it is sent: whatever its members are. */
export type FaultBody = Readonly<Record<string, unknown>>;

/** What a rule can be about. */
export type FaultKind = "request" | "node" | "stream";

/** A rule as its form has it: text in every field. */
export interface FaultDraft {
  readonly kind: FaultKind;
  readonly id: string;
  readonly method: string;
  readonly path: string;
  readonly node_type: string;
  readonly node_id: string;
  readonly answer: "none" | "error" | "reset" | "empty" | "truncate" | "hang";
  readonly status: string;
  readonly code: string;
  readonly delay: "none" | "fixed" | "between" | "lognormal";
  /** Milliseconds: all, the least, or the median. */
  readonly delayFirst: string;
  /** Milliseconds, the most; or how far the delays lie apart. */
  readonly delaySecond: string;
  readonly error: string;
  readonly failAttempts: string;
  readonly duration: string;
  readonly effect: StreamEffect;
  /** The number of the event, or the status with which who comes back is refused. */
  readonly at: string;
  readonly late: string;
  readonly nth: string;
  readonly times: string;
  /** In percent. */
  readonly probability: string;
}

/** What can happen to a stream. */
export type StreamEffect =
  "drop_after" | "stall_after" | "duplicate" | "swap" | "delay" | "refuse_reconnect" | "omit_final";

/** A form that nothing was written into yet. */
export const BLANK: FaultDraft = {
  ...{ kind: "request", id: "", method: "", path: "", node_type: "", node_id: "" },
  ...{ answer: "error", status: "503", code: "", delay: "none", delayFirst: "800", delaySecond: "2000" },
  ...{ error: "The service did not answer.", failAttempts: "", duration: "" },
  ...{ effect: "drop_after", at: "5", late: "2000", nth: "", times: "", probability: "" },
};

/** The rule that a form describes; what is empty is left out. */
export function toFault(draft: FaultDraft): FaultBody {
  const match = draft.kind === "node" ? matchNodes(draft) : matchRequests(draft);
  return filled({
    id: textIn(draft.id),
    match: Object.keys(match).length ? match : undefined,
    ...EFFECTS[draft.kind](draft),
    nth: toNth(draft.nth),
    times: numberIn(draft.times),
    probability: share(draft.probability),
  });
}

/** The rule as it was sent, without its counts. */
export function withoutCounts({ matched, applied, ...rule }: Rule): FaultBody {
  void [matched, applied];
  return rule;
}

const EFFECTS: Readonly<Record<FaultKind, (draft: FaultDraft) => FaultBody>> = {
  request: bendRequest,
  node: ({ error, failAttempts, duration }) => ({
    node: filled({ error: textIn(error), fail_attempts: numberIn(failAttempts), duration_ms: numberIn(duration) }),
  }),
  stream: (draft) => ({ stream: bendStream(draft) }),
};

function matchRequests({ method, path }: FaultDraft): FaultBody {
  return filled({ method: textIn(method), path: textIn(path) });
}

function matchNodes({ node_type, node_id }: FaultDraft): FaultBody {
  return filled({ node_type: textIn(node_type), node_id: textIn(node_id) });
}

function bendRequest(draft: FaultDraft): FaultBody {
  const { answer, status, code } = draft;
  const late = { delay_ms: toDelay(draft) };
  if (answer === "none") return late;
  if (answer === "error") return { ...late, status: numberIn(status), code: textIn(code) };
  return { ...late, connection: answer };
}

function toDelay({ delay, delayFirst, delaySecond }: FaultDraft): unknown {
  const [first, second] = [numberIn(delayFirst) ?? 0, numberIn(delaySecond) ?? 0];
  if (delay === "none") return undefined;
  if (delay === "fixed") return first;
  return delay === "between" ? [first, second] : { distribution: "lognormal", median: first, sigma: second };
}

function bendStream({ effect, at, late }: FaultDraft): FaultBody {
  if (effect === "omit_final") return { omit_final: true };
  const number = numberIn(at) ?? 0;
  return effect === "delay" ? { delay: number, delay_ms: numberIn(late) ?? 0 } : { [effect]: number };
}

/** One number, or several with commas between them. */
function toNth(text: string): number | number[] | undefined {
  const numbers = text
    .split(",")
    .map(numberIn)
    .filter((number) => number !== undefined);
  return numbers.length > 1 ? numbers : numbers[0];
}

function share(percent: string): number | undefined {
  const number = numberIn(percent);
  return number === undefined ? undefined : Number((number / 100).toPrecision(12));
}

function filled(members: Readonly<Record<string, unknown>>): FaultBody {
  return Object.fromEntries(Object.entries(members).filter(([, held]) => held !== undefined));
}
