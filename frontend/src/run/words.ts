import type { StreamedEvent } from "understudy-client";

import { countOf, durationOf } from "../parts/amounts.ts";

/** How much a line of the log matters. */
export type Level = "debug" | "info" | "warning" | "error";

/** An event in words. */
export interface Line {
  readonly seq: number;
  readonly at: string;
  readonly level: Level;
  /** The node that it is about; of a connection its source. */
  readonly nodeId: string | undefined;
  /** The iteration of its loops. */
  readonly iteration: string | undefined;
  readonly text: string;
}

/** What nodes are called, by id. */
export type Names = ReadonlyMap<string, string>;

type Facts = Readonly<Record<string, unknown>>;

const LEVELS: Readonly<Record<string, Level>> = {
  "node.progress": "debug",
  "connection.delivered": "debug",
  "node.retrying": "warning",
  "node.waiting": "warning",
  "execution.waiting": "warning",
  "node.failed": "error",
  "execution.failed": "error",
};
const REASONS: Readonly<Record<string, string>> = {
  command: "by command",
  answered: "after an answer",
  timeout: "after a timeout",
  parent: "with the execution that called it",
  workflow_deleted: "because the workflow was deleted",
};
const MODES: Readonly<Record<string, string>> = {
  manual: "by hand",
  partial: "in part",
  process_files: "with files",
  retry: "as a retry",
  sub_workflow: "as part of another",
  schedule: "by a schedule",
  webhook: "by a webhook",
};

/** How an execution came to be, in words. */
export function modeOf(mode: string): string {
  return MODES[mode] ?? mode;
}

/** What a node is called; its id if it has no name. */
export function nameOf(names: Names, nodeId: string): string {
  return names.get(nodeId) ?? nodeId;
}

/** Which iteration of its loops a node execution is, counted from 1: `3`, `3.1`; nothing outside of loops. */
export function iterationOf(iteration: unknown): string | undefined {
  if (iteration === null || iteration === undefined) return undefined;
  const counts: readonly unknown[] = [iteration].flat();
  return counts.map((count) => Number(count) + 1).join(".");
}

/** The same as words: `iteration 3`. */
export function iterationWords(iteration: unknown): string | undefined {
  const count = iterationOf(iteration);
  return count && `iteration ${count}`;
}

/** An event as a line of the log. */
export function lineOf(event: StreamedEvent, names: Names): Line {
  const facts = event.data as Facts;
  return {
    seq: event.seq ?? 0,
    at: event.at,
    level: levelOf(event),
    nodeId: (facts["node_id"] as string | undefined) ?? idIn(facts["source"]),
    iteration: iterationWords(facts["iteration"]),
    text: textOf(event, names),
  };
}

/** An event as a sentence of its own, with the node that it is about. */
export function sentenceOf(event: StreamedEvent, names: Names): string {
  const { nodeId, iteration, text } = lineOf(event, names);
  if (nodeId === undefined) return text;
  return `${[nameOf(names, nodeId), iteration].filter(Boolean).join(", ")}: ${text}`;
}

function levelOf(event: StreamedEvent): Level {
  if (event.type === "log") return event.data.level as Level;
  return LEVELS[event.type] ?? "info";
}

function textOf(event: StreamedEvent, names: Names): string {
  if (event.type === "log") return event.data.message;
  if (event.type === "connection.delivered") {
    const target = idIn(event.data.target);
    return `gave ${countOf(event.data.items, "item")} to ${target === undefined ? "?" : nameOf(names, target)}`;
  }
  return event.type.startsWith("node.") ? nodeText(event) : executionText(event);
}

function nodeText(event: StreamedEvent): string {
  const failed = () => messageOf((event.data as Facts)["error"]);
  switch (event.type) {
    case "node.started":
      return event.data.attempt > 1 ? `started, attempt ${event.data.attempt}` : "started";
    case "node.progress":
      return `${event.data.progress} % done`;
    case "node.completed":
      return `completed in ${durationOf(event.data.duration_ms)}${event.data.branch ? `, took ${event.data.branch}` : ""}`;
    case "node.retrying":
      return `attempt ${event.data.attempt} failed, again in ${durationOf(event.data.delay_ms)}: ${failed()}`;
    case "node.failed":
      return `failed: ${failed()}`;
    case "node.waiting":
      return `asks: ${event.data.request.prompt}`;
    default:
      return event.type.slice("node.".length);
  }
}

function executionText(event: StreamedEvent): string {
  const what = event.type.slice("execution.".length);
  const facts = event.data as Facts;
  if (event.type === "execution.created") return `Execution created ${modeOf(event.data.mode)}`;
  if (event.type === "execution.failed") return `Execution failed: ${messageOf(facts["error"])}`;
  if (event.type === "execution.waiting") return "Execution waits for a person";
  return [`Execution ${what}`, REASONS[facts["reason"] as string]].filter(Boolean).join(" ");
}

function messageOf(error: unknown): string {
  return (error as { message?: string } | null)?.message ?? "no reason given";
}

/** The id of the node at one end of a connection. */
function idIn(end: unknown): string | undefined {
  return typeof end === "string" ? end : undefined;
}
