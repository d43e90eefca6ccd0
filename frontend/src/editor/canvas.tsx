import "@xyflow/react/dist/base.css";

import {
  Background,
  Controls,
  type EdgeTypes,
  MiniMap,
  ReactFlow,
  type ReactFlowInstance,
  type ReactFlowState,
  useStore,
  useStoreApi,
  type Viewport,
} from "@xyflow/react";
import { use, useMemo, useState } from "react";

import { useAreTypesPending, useNodeTypes } from "../api/node-types.ts";
import { useIsDark } from "../theme.ts";
import styles from "./canvas.module.css";
import { useCommands } from "./commands.ts";
import { type FlowNode, type FlowConnection, toViewport } from "./flow.ts";
import { useConnecting, useDragging, useDropping } from "./gestures.ts";
import { GRID } from "./graph.ts";
import { useKeys } from "./keys.ts";
import { ConnectionLine } from "./line.tsx";
import { showsEnough, showWhole } from "./moving.ts";
import { useNamedFlow } from "./naming.ts";
import { NodeTools } from "./node-tools.tsx";
import { nodeTypes } from "./node-view.tsx";
import { SceneContext } from "./scene.ts";
import { type Editing, useEditor } from "./store.ts";
import { useValidation } from "./validation.ts";

/** Farther away than this, names are all that can be read. */
const FAR = 0.4;
/** A graph with more nodes is drawn in detail only once it is in view, and only where it is seen. */
const MANY = 200;

/** Connections of every type are drawn by the same view. */
const edgeTypes = new Proxy<EdgeTypes>({}, { get: () => ConnectionLine });

const MAP_SIZE = { width: 168, height: 112 };

const WORDS = {
  "node.a11yDescription.default": "Press Enter to select the node, the arrow keys to move it, and Delete to remove it.",
  "node.a11yDescription.keyboardDisabled": "Press Enter to select the node.",
  "edge.a11yDescription.default": "Press Enter to select the connection, and Delete to remove it.",
  "controls.ariaLabel": "View",
  "controls.zoomIn.ariaLabel": "Zoom in",
  "controls.zoomOut.ariaLabel": "Zoom out",
  "controls.fitView.ariaLabel": "Show the whole workflow",
  "minimap.ariaLabel": "Map of the workflow",
};

/** The graph, as it is drawn and edited. */
export function Canvas() {
  const types = useNodeTypes();
  const isFar = useStore(isSeenFromFar);
  const scene = useMemo(() => ({ types, isFar }), [types, isFar]);
  useValidation();
  useKeys();
  if (useAreTypesPending()) return null;
  return (
    <SceneContext value={scene}>
      <Graph />
    </SceneContext>
  );
}

function Graph() {
  const editor = useEditor();
  const { nodes, edges } = useNamedFlow();
  const isDark = useIsDark();
  const { isFar } = use(SceneContext);
  return (
    <ReactFlow<FlowNode, FlowConnection>
      className={styles.canvas}
      nodes={nodes}
      edges={edges}
      nodeTypes={nodeTypes}
      edgeTypes={edgeTypes}
      onNodesChange={editor.changeNodes}
      onEdgesChange={editor.changeEdges}
      {...useConnecting()}
      {...useDragging()}
      {...useDropping()}
      {...useLooking()}
      colorMode={isDark ? "dark" : "light"}
      ariaLabelConfig={WORDS}
      deleteKeyCode={null}
      minZoom={0.05}
      maxZoom={2}
      connectionRadius={28}
      elevateEdgesOnSelect
      onlyRenderVisibleElements={nodes.length > MANY && !isFar}
    >
      <Background gap={2 * GRID} size={1.5} />
      <Controls showInteractive={false} onFitView={useCommands().fit} />
      <MiniMap
        className={styles.map}
        style={MAP_SIZE}
        pannable
        zoomable
        nodeColor={useColour()}
        nodeStrokeWidth={0}
        nodeBorderRadius={12}
      />
      <NodeTools />
    </ReactFlow>
  );
}

function isSeenFromFar({ transform, nodes, nodesInitialized }: ReactFlowState): boolean {
  return transform[2] < FAR || (nodes.length > MANY && !nodesInitialized);
}

/** Where the canvas is looked at: as it was kept, if there is much to be seen, or all of it. */
function useLooking() {
  const { getState, look } = useEditor();
  const screen = useStoreApi();
  const [{ kept, isEmpty }] = useState(() => startOf(getState()));
  return {
    ...(kept && { defaultViewport: kept }),
    onInit: (view: ReactFlowInstance<FlowNode, FlowConnection>) => {
      // An empty canvas has nothing to bring into view, and the first node stays where it was put.
      const isLost = !kept || !showsEnough(getState().nodes, kept, screen.getState());
      if (!isEmpty && isLost) void showWhole(view as unknown as ReactFlowInstance, screen.getState());
    },
    // What nobody did, such as bringing all into view, is not worth being saved.
    onMoveEnd: (event: MouseEvent | TouchEvent | null, viewport: Viewport) => event && look(viewport),
  };
}

function startOf({ saved, nodes }: Editing) {
  const kept = toViewport(saved);
  return { kept: kept && isUsual(kept) ? undefined : kept, isEmpty: nodes.length === 0 };
}

/** What the server fills in where no viewport was ever chosen. */
function isUsual({ x, y, zoom }: Viewport): boolean {
  return x === 0 && y === 0 && zoom === 1;
}

function useColour(): (node: FlowNode) => string {
  const { types } = use(SceneContext);
  return useMemo(
    () => (node) =>
      node.type === "group" ? "transparent" : (types.get(node.type ?? "default")?.color ?? "var(--node)"),
    [types],
  );
}
