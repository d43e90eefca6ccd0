import { Handle, Position } from "@xyflow/react";
import { use } from "react";

import styles from "./port.module.css";
import { usePending } from "./pending.ts";
import type { End, Port } from "./ports.ts";
import { between, refusalOf } from "./refusals.ts";
import { SceneContext } from "./scene.ts";
import { useEditor } from "./store.ts";

interface PortHandleProps {
  readonly nodeId: string;
  readonly port: Port;
  readonly side: End["side"];
  /** Pixels from the top of the node; the middle if it is not said. */
  readonly top?: number;
}

/** A port that connections are drawn from and to. While one is drawn, it shows whether it would take it. */
export function PortHandle({ nodeId, port, side, top }: PortHandleProps) {
  const fit = useFit({ nodeId, port: port.id, side });
  return (
    <Handle
      type={side}
      position={side === "target" ? Position.Left : Position.Right}
      id={port.id}
      className={styles.socket}
      style={top === undefined ? undefined : { top }}
      title={port.isUnknown ? `${port.label}: no such port` : `${port.label || "Any"} (${port.dataType})`}
      data-fit={fit}
      data-unknown={port.isUnknown}
    />
  );
}

function useFit(end: End): "yes" | "no" | undefined {
  const { types } = use(SceneContext);
  const { getState } = useEditor();
  const from = usePending((pending) => pending.from);
  if (!from || (from.nodeId === end.nodeId && from.port === end.port && from.side === end.side)) return undefined;
  const connection = between(from, end);
  return connection && refusalOf(connection, { ...getState(), types }) === undefined ? "yes" : "no";
}
