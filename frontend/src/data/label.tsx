import { type KeyboardEvent, useState } from "react";

import type { FlowConnection } from "../editor/flow.ts";
import { useEditor } from "../editor/store.ts";
import styles from "./panel.module.css";

/** The words on a connection. They are kept when one leaves the field, or with Enter. */
export function Label({ line }: { readonly line: FlowConnection }) {
  const { act } = useEditor();
  const kept = typeof line.label === "string" ? line.label : "";
  const [typed, setTyped] = useState<string>();
  function keep() {
    setTyped(undefined);
    if (typed === undefined || typed === kept) return;
    act(({ nodes, edges }) => ({
      nodes,
      edges: edges.map((edge) => (edge.id === line.id ? named(edge, typed) : edge)),
    }));
  }
  function press(event: KeyboardEvent) {
    if (event.key === "Enter") keep();
    if (event.key === "Escape") setTyped(undefined);
  }
  return (
    <label className={styles.field}>
      Label
      <input
        value={typed ?? kept}
        maxLength={255}
        placeholder="None"
        onChange={(event) => setTyped(event.target.value)}
        onBlur={keep}
        onKeyDown={press}
      />
    </label>
  );
}

function named({ label: _, ...line }: FlowConnection, label: string): FlowConnection {
  return label.trim() === "" ? line : { ...line, label };
}
