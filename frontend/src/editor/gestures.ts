import { type Connection, type OnConnectEnd, type OnConnectStart, useReactFlow } from "@xyflow/react";
import { type DragEvent, use, useMemo } from "react";

import { notify } from "../parts/notices.tsx";
import { useCommands } from "./commands.ts";
import type { FlowNode, FlowConnection } from "./flow.ts";
import { housed, withConnection, withEnds } from "./graph.ts";
import { TYPE_DRAGGED } from "./palette.tsx";
import { usePending } from "./pending.ts";
import type { End } from "./ports.ts";
import { between, refusalOf } from "./refusals.ts";
import { SceneContext } from "./scene.ts";
import { useEditor } from "./store.ts";

type Refusal = (connection: Connection) => string | undefined;

/** Connecting, and why it is refused. */
export function useConnecting() {
  const editor = useEditor();
  const { types } = use(SceneContext);
  return useMemo(() => {
    const refusal: Refusal = (connection) => refusalOf(connection, { ...editor.getState(), types });
    return {
      ...drawing(refusal),
      onConnect: (connection: Connection) => editor.act((flow) => withConnection(flow, connection)),
      onReconnect: (line: FlowConnection, connection: Connection) =>
        editor.act((flow) => withEnds(flow, line, connection)),
      isValidConnection: ({ source, target, sourceHandle = null, targetHandle = null }: FlowConnection | Connection) =>
        refusal({ source, target, sourceHandle, targetHandle }) === undefined,
    };
  }, [editor, types]);
}

/** While a connection is drawn, all ports know of it; where it is refused, people are told why. */
function drawing(refusal: Refusal): { onConnectStart: OnConnectStart; onConnectEnd: OnConnectEnd } {
  return {
    onConnectStart: (_, { nodeId, handleId, handleType }) =>
      usePending.setState({ from: nodeId && handleType ? { nodeId, port: handleId, side: handleType } : undefined }),
    onConnectEnd: (_, { isValid, fromHandle, toHandle }) => {
      usePending.setState({ from: undefined });
      const connection = fromHandle && toHandle && between(endOf(fromHandle), endOf(toHandle));
      const reason = connection && isValid === false && refusal(connection);
      if (reason) notify(reason, "bad");
    },
  };
}

function endOf({ nodeId, id, type }: { nodeId: string; id?: string | null; type: End["side"] }): End {
  return { nodeId, port: id ?? null, side: type };
}

/** A drag is one step, and nodes belong to the group on which they are left. */
export function useDragging() {
  const editor = useEditor();
  return useMemo(() => {
    const stop = (_: unknown, __: unknown, nodes: readonly FlowNode[]) => {
      const dragged = new Set(nodes.map((node) => node.id));
      editor.settle((flow) => housed(flow, dragged));
    };
    return {
      onNodeDragStart: editor.begin,
      onNodeDragStop: stop,
      onSelectionDragStart: editor.begin,
      onSelectionDragStop: (event: unknown, nodes: readonly FlowNode[]) => stop(event, undefined, nodes),
    };
  }, [editor]);
}

/** A type that is dragged out of the palette becomes a node where it is dropped. */
export function useDropping() {
  const { types } = use(SceneContext);
  const { screenToFlowPosition } = useReactFlow();
  const { add } = useCommands();
  return {
    onDragOver: (event: DragEvent) => event.dataTransfer.types.includes(TYPE_DRAGGED) && event.preventDefault(),
    onDrop: (event: DragEvent) => {
      const type = types.get(event.dataTransfer.getData(TYPE_DRAGGED));
      if (!type) return;
      event.preventDefault();
      add(type, screenToFlowPosition({ x: event.clientX - 24, y: event.clientY - 24 }));
    },
  };
}
