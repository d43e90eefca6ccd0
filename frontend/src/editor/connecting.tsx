import { use, useState } from "react";

import { Button } from "../parts/button.tsx";
import { Dialog } from "../parts/dialog.tsx";
import styles from "./connecting.module.css";
import type { FlowNode } from "./flow.ts";
import { withConnection } from "./graph.ts";
import { type Graph, nameOf, type Port, portsIn } from "./ports.ts";
import { refusalOf } from "./refusals.ts";
import { SceneContext } from "./scene.ts";
import { useEditing, useEditor } from "./store.ts";

interface ConnectingProps {
  readonly nodeId: string;
  onClose(): void;
}

/** A way to connect a node without drawing: by choosing its port, the other node, and the port of that. */
export function Connecting({ nodeId, onClose }: ConnectingProps) {
  const { types } = use(SceneContext);
  const editor = useEditor();
  const nodes = useEditing((editing) => editing.nodes);
  const edges = useEditing((editing) => editing.edges);
  const graph = { nodes, edges, types };
  const node = nodes.find(({ id }) => id === nodeId);
  const outputs = node ? portsIn(node, graph).outputs : [];
  const [from, setFrom] = useState(0);
  const [to, setTo] = useState("");
  const ends = endsFor(nodeId, outputs[from], graph);
  const chosen = ends.find((end) => end.key === to) ?? ends[0];
  function connect() {
    if (chosen) editor.act((flow) => withConnection(flow, chosen.connection));
    onClose();
  }
  if (!node) return null;
  return (
    <Dialog
      title={`Connect "${nameOf(node)}"`}
      onClose={onClose}
      actions={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button look="main" disabled={!chosen} onClick={connect}>
            Connect
          </Button>
        </>
      }
    >
      <div className={styles.fields}>
        <label>
          From the output
          <select value={from} onChange={(event) => setFrom(Number(event.target.value))}>
            {outputs.map((port, at) => (
              <option key={port.id} value={at}>
                {port.label || "Output"}
              </option>
            ))}
          </select>
        </label>
        <label>
          To
          <select value={chosen?.key ?? ""} onChange={(event) => setTo(event.target.value)} disabled={!chosen}>
            {ends.map((end) => (
              <option key={end.key} value={end.key}>
                {end.words}
              </option>
            ))}
            {!chosen && <option value="">No node can take it</option>}
          </select>
        </label>
      </div>
    </Dialog>
  );
}

/** Every port of the other nodes that would take a connection. */
function endsFor(source: string, leaving: Port | undefined, graph: Graph) {
  if (!leaving) return [];
  const connect = (target: FlowNode, arriving: Port) => ({
    key: JSON.stringify([target.id, arriving.id]),
    words: arriving.label ? `${nameOf(target)}: ${arriving.label}` : nameOf(target),
    connection: { source, sourceHandle: leaving.id, target: target.id, targetHandle: arriving.id },
  });
  return graph.nodes
    .flatMap((target) => portsIn(target, graph).inputs.map((arriving) => connect(target, arriving)))
    .filter(({ connection }) => refusalOf(connection, graph) === undefined);
}
