import type { Ports } from "../editor/ports.ts";
import { Hint } from "./part.tsx";
import { portName } from "./node-ports.ts";
import styles from "./panel.module.css";
import { Value } from "./value.tsx";

interface PortValuesProps {
  readonly side: "Input" | "Output";
  readonly nodeId: string;
  readonly ports: Ports["inputs"];
  readonly values: Readonly<Record<string, unknown>>;
}

/** What went through the ports of a node. A single value needs no name of a port. */
export function PortValues({ side, nodeId, ports, values }: PortValuesProps) {
  const entries = Object.entries(values);
  if (entries.length === 0) return <Hint>{side === "Input" ? "Nothing arrived." : "Nothing left this node."}</Hint>;
  const isOnly = entries.length === 1;
  return entries.map(([id, value]) => {
    const label = portName(ports, id);
    const name = isOnly ? side : `${side} ${label}`;
    return (
      <div key={id}>
        {!isOnly && <p className={styles.port}>{label}</p>}
        <Value name={name} place={`${nodeId} ${side} ${id}`} value={value} />
      </div>
    );
  });
}
