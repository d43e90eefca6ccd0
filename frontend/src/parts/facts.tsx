import type { ReactNode } from "react";

import styles from "./facts.module.css";

/** What is known of something, each fact with its name. What is nothing is left out. */
export function Facts({ facts }: { readonly facts: Readonly<Record<string, ReactNode>> }) {
  const known = Object.entries(facts).filter(([, fact]) => !NOTHING.has(fact));
  return (
    <dl className={styles.facts}>
      {known.map(([name, fact]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>{fact}</dd>
        </div>
      ))}
    </dl>
  );
}

const NOTHING: ReadonlySet<ReactNode> = new Set([null, undefined, false, ""]);
