import "@xyflow/react/dist/style.css";

import { ReactFlow } from "@xyflow/react";

import { useEditing, useEditor } from "./store.ts";

/** The graph, as it is drawn and edited. */
export function Canvas() {
  const { changeNodes, changeEdges } = useEditor();
  const nodes = useEditing((editing) => editing.nodes);
  const edges = useEditing((editing) => editing.edges);
  return (
    <ReactFlow nodes={[...nodes]} edges={[...edges]} onNodesChange={changeNodes} onEdgesChange={changeEdges} fitView />
  );
}
