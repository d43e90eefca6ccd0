import type { FlowConnection } from "../editor/flow.ts";
import { nameOf } from "../editor/ports.ts";
import { useEditing, useEditor } from "../editor/store.ts";
import { portName, useNodePorts } from "./node-ports.ts";
import styles from "./panel.module.css";

/** From where to where a connection goes. A click selects the node there. */
export function Ends({ line }: { readonly line: FlowConnection }) {
  return (
    <div className={styles.way}>
      <span>From</span>
      <End nodeId={line.source} port={line.sourceHandle} side="outputs" />
      <span>To</span>
      <End nodeId={line.target} port={line.targetHandle} side="inputs" />
    </div>
  );
}

interface EndProps {
  readonly nodeId: string;
  readonly port: string | null | undefined;
  readonly side: "inputs" | "outputs";
}

function End({ nodeId, port, side }: EndProps) {
  const { select } = useEditor();
  const node = useEditing(({ nodes }) => nodes.find((each) => each.id === nodeId));
  const ports = useNodePorts(nodeId)[side];
  const name = port && ports.length !== 1 ? portName(ports, port) : "";
  return (
    <button type="button" className={styles.end} disabled={!node} onClick={() => select(nodeId)}>
      {node ? nameOf(node) : nodeId}
      {name && <small>{` · ${name}`}</small>}
    </button>
  );
}
