import type { Template } from "understudy-client";

import { useNodeTypes } from "../api/node-types.ts";
import styles from "./templates.module.css";

/** Which types of nodes a graph has, and how many of each. */
export function NodeCounts({ nodes }: Pick<Template, "nodes">) {
  const types = useNodeTypes();
  return (
    <section>
      <h3>Nodes</h3>
      <ul className={styles.counts}>
        {[...countsOf(nodes)].map(([type, count]) => (
          <li key={type}>
            <i style={{ background: types.get(type)?.color ?? "var(--node)" }} />
            {types.get(type)?.display_name ?? type}
            {count > 1 && <span className={styles.soft}>{`× ${count}`}</span>}
          </li>
        ))}
      </ul>
    </section>
  );
}

function countsOf(nodes: Template["nodes"]): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const { type } of nodes) counts.set(type ?? "default", (counts.get(type ?? "default") ?? 0) + 1);
  return counts;
}
