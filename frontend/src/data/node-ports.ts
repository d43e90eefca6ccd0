import { useMemo } from "react";

import { useNodeTypes } from "../api/node-types.ts";
import { type Ports, portsOf } from "../editor/ports.ts";
import { useEditing } from "../editor/store.ts";

const NONE: Ports = { inputs: [], outputs: [] };

/** The ports of a node, as it is configured. */
export function useNodePorts(nodeId: string): Ports {
  const types = useNodeTypes();
  const node = useEditing(({ nodes }) => nodes.find((each) => each.id === nodeId));
  return useMemo(() => (node ? portsOf(node, types.get(node.type ?? "default"), []) : NONE), [node, types]);
}

/** What a port is called on the canvas. */
export function portName(ports: Ports["inputs"], id: string): string {
  return ports.find((port) => port.id === id)?.label ?? id;
}
