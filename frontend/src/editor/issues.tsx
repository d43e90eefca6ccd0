import { CircleCheck } from "lucide-react";
import type { Issue } from "understudy-client";

import styles from "./issues.module.css";
import { SeverityIcon } from "./marks.tsx";
import { useGoTo } from "./moving.ts";
import { nameOf } from "./ports.ts";
import { useEditing } from "./store.ts";
import { SEVERITIES, useIssues } from "./validation.ts";

/** What is wrong with the workflow as it is drawn, the worst first; a click goes to where it is. */
export function Issues() {
  const issues = useIssues((state) => state.issues);
  if (!issues) return <p className={styles.none}>Looking for issues …</p>;
  if (issues.length === 0) return <NoIssues />;
  return (
    <ul className={styles.list} aria-label="Issues">
      {SEVERITIES.flatMap((severity) => issues.filter((issue) => issue.severity === severity)).map((issue, at) => (
        <li key={at}>
          <Entry issue={issue} />
        </li>
      ))}
    </ul>
  );
}

function NoIssues() {
  return (
    <p className={styles.none}>
      <CircleCheck size={16} aria-hidden />
      No issues: the workflow can run.
    </p>
  );
}

function Entry({ issue }: { readonly issue: Issue }) {
  const goTo = useGoTo();
  const id = issue.node_id ?? issue.connection_id;
  const name = useEditing(({ nodes }) => nodes.find((node) => node.id === issue.node_id));
  const words = (
    <>
      <span className={styles.severity} data-severity={issue.severity}>
        <SeverityIcon severity={issue.severity} />
        {issue.severity}
      </span>
      {name && <strong className={styles.name}>{nameOf(name)}</strong>}
      <span className={styles.message}>{issue.message}</span>
    </>
  );
  if (!id) return <div className={styles.entry}>{words}</div>;
  return (
    <button type="button" className={styles.entry} onClick={() => goTo(id)}>
      {words}
    </button>
  );
}
