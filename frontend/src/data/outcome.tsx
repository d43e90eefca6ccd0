import type { LogLine, NodeExecution } from "understudy-client";

import { durationOf, timeOfDay } from "../parts/amounts.ts";
import { Facts } from "../parts/facts.tsx";
import { Part } from "./part.tsx";
import { inOneLine } from "./json.ts";
import styles from "./panel.module.css";

interface FailureProps {
  readonly error: NonNullable<NodeExecution["error"]>;
  readonly delayMs: number | null;
}

/** Why an attempt failed, and what came next. */
export function Failure({ error, delayMs }: FailureProps) {
  const { code, message, node_id: _, ...others } = error;
  const facts = Object.entries(others).map(([name, fact]) => [name.replaceAll("_", " "), inOneLine(fact, 500)]);
  return (
    <Part title="Error">
      <div className={styles.error}>
        <code>{code}</code>
        <p>{message}</p>
        {facts.length > 0 && <Facts facts={Object.fromEntries(facts)} />}
        {delayMs !== null && <p>{`It was tried again after ${durationOf(delayMs)}.`}</p>}
      </div>
    </Part>
  );
}

const MOST = 500;

/** What a node had to say. */
export function Logs({ logs }: { readonly logs: readonly LogLine[] }) {
  return (
    <Part title="Log">
      <ol className={styles.logs} tabIndex={0} aria-label="Log lines">
        {logs.slice(-MOST).map(({ at, level, message }, place) => (
          <li key={place} data-level={level}>
            <time dateTime={at}>{timeOfDay(at)}</time>
            <span>{level}</span>
            {message}
          </li>
        ))}
      </ol>
    </Part>
  );
}
