import type { NodeProps, NodeTypes } from "@xyflow/react";
import { memo, use } from "react";

import { NodeBox } from "./box.tsx";
import type { FlowNode } from "./flow.ts";
import { NodeFrame, NodeNote } from "./frame.tsx";
import { SceneContext } from "./scene.ts";
import { useEditing } from "./store.ts";

/** What other editors call a note: never executed either. */
const NOTES = new Set(["annotation", "comment", "stickyNote", "sticky-note", "sticky_note", "stickynote"]);

/** A node of whatever type. A group is what is called so, and what other nodes are in. */
const NodeView = memo(function NodeView(props: NodeProps<FlowNode>) {
  const { types } = use(SceneContext);
  const { type = "default" } = props;
  const isParent = useEditing(({ nodes }) => parentsAmong(nodes).has(props.id));
  if (type === "group" || isParent) return <NodeFrame {...props} />;
  return types.get(type)?.annotation || NOTES.has(type) ? <NodeNote {...props} /> : <NodeBox {...props} />;
});

/** Every type is drawn by the same view, also one that nobody knows or that is called like a member of objects. */
export const nodeTypes = new Proxy<NodeTypes>({}, { get: () => NodeView });

const parentsOf = new WeakMap<readonly FlowNode[], ReadonlySet<string | undefined>>();

function parentsAmong(nodes: readonly FlowNode[]): ReadonlySet<string | undefined> {
  const parents = parentsOf.get(nodes) ?? new Set(nodes.map((node) => node.parentId));
  parentsOf.set(nodes, parents);
  return parents;
}
