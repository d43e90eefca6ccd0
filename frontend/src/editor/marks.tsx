import {
  Check,
  CircleAlert,
  CircleSlash,
  type LucideIcon,
  Hourglass,
  LoaderCircle,
  NotebookText,
  Pin,
  RotateCw,
  ShieldAlert,
  SkipForward,
  Square,
  TriangleAlert,
  X,
} from "lucide-react";
import { createElement } from "react";
import type { Issue, NodeExecution } from "understudy-client";

import { durationOf } from "../parts/amounts.ts";
import { toneOf } from "../parts/status.tsx";
import { useRun } from "../run/run.ts";
import { iterationWords } from "../run/words.ts";
import styles from "./marks.module.css";
import { orderWord } from "./words.ts";
import { useIssues, worstOf } from "./validation.ts";

const STATES: Readonly<Record<string, LucideIcon>> = {
  running: LoaderCircle,
  waiting: Hourglass,
  retrying: RotateCw,
  completed: Check,
  failed: X,
  skipped: SkipForward,
  stopped: Square,
};

interface Mark {
  readonly icon: LucideIcon;
  readonly words: string;
}

/** How a node fares in the execution that is shown. */
export function RunState({ nodeId }: { readonly nodeId: string }) {
  const run = useRun(({ byNode }) => byNode.get(nodeId));
  if (!run || run.status === "idle") return null;
  return (
    <>
      <span className={styles.state} data-tone={toneOf(run.status)} data-status={run.status} title={wordsOfRun(run)}>
        <StateIcon status={run.status} />
        <span className="unseen">{run.status}</span>
        <span className={styles.words}>{shortWords(run)}</span>
      </span>
      {run.status === "running" && <Progress percent={run.progress} />}
    </>
  );
}

function StateIcon({ status }: Pick<NodeExecution, "status">) {
  return createElement(STATES[status] ?? LoaderCircle, { size: 13, "aria-hidden": true });
}

function Progress({ percent }: { readonly percent: number }) {
  return (
    <span
      className={styles.progress}
      role="progressbar"
      aria-label="Progress"
      aria-valuenow={percent}
      aria-valuemin={0}
      aria-valuemax={100}
    >
      <span style={{ transform: `scaleX(${percent / 100})` }} />
    </span>
  );
}

function shortWords({ status, attempt, progress, duration_ms, iteration }: NodeExecution): string {
  const parts = [
    iterationWords(iteration) ?? false,
    attempt > 1 && `${orderWord(attempt)} try`,
    status === "running" && progress > 0 && `${Math.round(progress)}%`,
    duration_ms !== null && durationOf(duration_ms),
  ].filter((part) => part !== false);
  return parts.slice(-2).join(" · ");
}

function wordsOfRun(run: NodeExecution): string {
  return [run.status, shortWords(run), run.error?.message, run.origin === "mocked" && "with pinned output"]
    .filter(Boolean)
    .join(", ");
}

/** What a node is told to do otherwise than its type does. */
export function Marks({ data }: { readonly data: Readonly<Record<string, unknown>> }) {
  const marks = marksOf(data);
  if (marks.length === 0) return null;
  return (
    <span className={styles.marks}>
      {marks.map(({ icon: Icon, words }) => (
        <span key={words} role="img" aria-label={words} title={words}>
          <Icon size={13} aria-hidden />
        </span>
      ))}
    </span>
  );
}

function marksOf(data: Readonly<Record<string, unknown>>): Mark[] {
  const onError = data["on_error"];
  return [
    data["disabled"] === true && { icon: CircleSlash, words: "Disabled: hands its input on" },
    Boolean(data["mock"]) && { icon: Pin, words: "Mocked: its output is pinned" },
    onError === "continue" && { icon: ShieldAlert, words: "Goes on if it fails" },
    onError === "error_port" && { icon: ShieldAlert, words: "Errors leave by a port" },
    typeof data["notes"] === "string" && data["notes"] !== "" && { icon: NotebookText, words: data["notes"] },
  ].filter((mark) => mark !== false);
}

/** That something is wrong with a node, at its corner. */
export function IssueMark({ nodeId }: { readonly nodeId: string }) {
  const issues = useIssues(({ byNode }) => byNode.get(nodeId));
  const severity = worstOf(issues);
  if (!issues || !severity || severity === "info") return null;
  const words = issues.map((issue) => issue.message).join("\n");
  return (
    <span
      className={styles.issue}
      data-severity={severity}
      role="img"
      aria-label={`${severity}: ${words}`}
      title={words}
    >
      <SeverityIcon severity={severity} />
    </span>
  );
}

/** The picture of a severity. */
export function SeverityIcon({ severity }: { readonly severity: Issue["severity"] }) {
  const Icon = severity === "warning" ? TriangleAlert : CircleAlert;
  return <Icon size={15} aria-hidden />;
}
