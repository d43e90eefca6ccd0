import type { LogLine, NodeExecution, StreamedEvent } from "understudy-client";

import { isFinal } from "../parts/statuses.ts";

/** One attempt of a node to do its work. */
export interface Attempt {
  readonly number: number;
  readonly status: string;
  readonly startedAt: string | null;
  readonly finishedAt: string | null;
  readonly input: Ports;
  readonly output: Ports;
  readonly error: NodeExecution["error"];
  readonly branch: string | null;
  readonly origin: string;
  /** Milliseconds of its work without pauses, if it is known: that of several attempts is one. */
  readonly durationMs: number | null;
  /** Milliseconds until the next attempt, after one that failed. */
  readonly delayMs: number | null;
  readonly logs: readonly LogLine[];
}

/** What a node did once: in a loop, in one iteration. */
export interface Visit {
  readonly iteration: unknown;
  readonly attempts: readonly Attempt[];
}

type Ports = Readonly<Record<string, unknown>> | null;
type Facts = Readonly<Record<string, unknown>>;

const NEW: Attempt = {
  number: 0,
  status: "idle",
  startedAt: null,
  finishedAt: null,
  input: null,
  output: null,
  error: null,
  branch: null,
  origin: "simulated",
  durationMs: null,
  delayMs: null,
  logs: [],
};

/** All that a node did, told from the events of the execution: each iteration with its attempts, oldest first. */
export function visitsOf(events: readonly StreamedEvent[], nodeId: string): readonly Visit[] {
  const visits: { iteration: unknown; attempts: Attempt[] }[] = [];
  for (const { type, at, data } of events) {
    const facts = data as Facts;
    if (facts["node_id"] !== nodeId) continue;
    const iteration = facts["iteration"] ?? null;
    let visit = visits.at(-1);
    if (!visit || !isSame(visit.iteration, iteration)) visits.push((visit = { iteration, attempts: [] }));
    if (type === "node.started" || visit.attempts.length === 0) visit.attempts.push(NEW);
    visit.attempts.push(told(visit.attempts.pop()!, type, at, facts));
  }
  return visits;
}

/** What left a node last before an event: its output by port, or nothing. */
export function outputBefore(events: readonly StreamedEvent[], nodeId: string, seq: number): Ports {
  for (const event of events.toReversed()) {
    if ((event.type !== "node.completed" && event.type !== "node.failed") || (event.seq ?? 0) > seq) continue;
    if (event.data.node_id === nodeId && event.data.output) return event.data.output;
  }
  return null;
}

/** An attempt after one more event about it. */
function told(attempt: Attempt, type: string, at: string, facts: Facts): Attempt {
  const what = type.split(".")[1];
  if (type === "log") return { ...attempt, logs: [...attempt.logs, toLine(at, facts)] };
  if (what === "started") return { ...attempt, ...known(facts), status: "running", startedAt: at };
  if (what === "waiting") return { ...attempt, status: "waiting" };
  if (what === "retrying") return { ...attempt, ...known(facts), status: "failed", finishedAt: at };
  if (!isFinal(what ?? "")) return attempt;
  const durationMs = attempt.number > 1 ? null : ((facts["duration_ms"] as number | undefined) ?? null);
  return { ...attempt, ...known(facts), durationMs, status: what!, finishedAt: at };
}

/** What an event tells of an attempt. */
function known(facts: Facts): Partial<Attempt> {
  const names = { input: "input", output: "output", error: "error", branch: "branch", origin: "origin" };
  const all = Object.entries({ ...names, number: "attempt", delayMs: "delay_ms" });
  return Object.fromEntries(all.filter(([, from]) => from in facts).map(([name, from]) => [name, facts[from]]));
}

function toLine(at: string, { level, message }: Facts): LogLine {
  return { at, level: String(level), message: String(message) };
}

function isSame(one: unknown, other: unknown): boolean {
  return one === other || JSON.stringify(one) === JSON.stringify(other);
}
