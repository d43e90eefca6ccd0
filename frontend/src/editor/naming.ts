import { useMemo } from "react";
import { useShallow } from "zustand/react/shallow";

import type { FlowNode, FlowConnection } from "./flow.ts";
import { nameOf } from "./ports.ts";
import { type Editing, useEditing } from "./store.ts";

const known = new WeakMap<FlowNode | FlowConnection, FlowNode | FlowConnection>();
/** React Flow's own word is "edge". */
const CONNECTION = { domAttributes: { "aria-roledescription": "connection" } };

/** The graph as React Flow gets it: with names for those who hear it instead of seeing it, which no document keeps. */
export function useNamedFlow(): { nodes: FlowNode[]; edges: FlowConnection[] } {
  const nodes = useEditing((editing) => editing.nodes);
  const edges = useEditing((editing) => editing.edges);
  const names = useEditing(useShallow(namesOfLines));
  return {
    nodes: useMemo(() => nodes.map((node) => called(node, nameOf(node))), [nodes]),
    edges: useMemo(() => edges.map((edge, at) => called(edge, names[at], CONNECTION)), [edges, names]),
  };
}

function namesOfLines({ nodes, edges }: Editing): string[] {
  const names = new Map(nodes.map((node) => [node.id, nameOf(node)]));
  const name = (id: string) => names.get(id) ?? id;
  return edges.map(({ source, target }) => `Connection from ${name(source)} to ${name(target)}`);
}

/** The same object for the same thing: React Flow draws anew what is another one. */
function called<Item extends FlowNode | FlowConnection>(item: Item, name: string | undefined, more?: object): Item {
  const before = known.get(item);
  if (before && before.ariaLabel === name) return before as Item;
  const named = { ...item, ariaLabel: name, ...more } as Item;
  known.set(item, named);
  return named;
}
