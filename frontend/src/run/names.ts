import type { FlowNode } from "../editor/flow.ts";
import { nameOf } from "../editor/ports.ts";
import { useEditing } from "../editor/store.ts";
import type { Names } from "./words.ts";

interface Known {
  nodes: readonly FlowNode[];
  names: Names;
}

/** Many parts of the page ask for the names of the same nodes. */
const known: Known = { nodes: [], names: new Map() };

/** What the nodes of the workflow that is open are called, by id. It changes only when a name does. */
export function useNames(): Names {
  return useEditing(({ nodes }) => namesOf(nodes));
}

function namesOf(nodes: readonly FlowNode[]): Names {
  if (nodes === known.nodes) return known.names;
  const isSame = nodes.length === known.names.size && nodes.every((node) => known.names.get(node.id) === nameOf(node));
  if (!isSame) known.names = new Map(nodes.map((node) => [node.id, nameOf(node)]));
  known.nodes = nodes;
  return known.names;
}
