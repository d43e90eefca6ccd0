import { type Connection, type OnConnectEnd, type OnConnectStart, useReactFlow } from "@xyflow/react";
import { type DragEvent, use, useMemo } from "react";

import { notify } from "../parts/notices.tsx";
import { useCommands } from "./commands.ts";
import type { FlowNode, FlowConnection } from "./flow.ts";
import { housed, withConnection, withEnds } from "./graph.ts";
import { TYPE_DRAGGED } from "./palette.tsx";
import { usePending } from "./pending.ts";
import { between, type End, refusalOf } from "./ports.ts";
import { SceneContext } from "./scene.ts";
import { useEditor } from "./store.ts";

/** Connecting, and why it is refused. */
export function useConnecting() {
  const editor = useEditor();
  const { types } = use(SceneContext);
  return useMemo(() => {
    const refusal = (connection: Connection) => refusalOf(connection, { ...editor.getState(), types });
    const onConnectStart: OnConnectStart = (_, { nodeId, handleId, handleType }) =>
      usePending.setState({ from: nodeId && handleType ? { nodeId, port: handleId, side: handleType } : undefined });
    const onConnectEnd: OnConnectEnd = (_, { isValid, fromHandle, toHandle }) => {
      usePending.setState({ from: undefined });
      const connection = fromHandle && toHandle && between(endOf(fromHandle), endOf(toHandle));
      const reason = connection && isValid === false && refusal(connection);
      if (reason) notify(reason, "bad");
    };
    return {
      onConnectStart,
      onConnectEnd,
      onConnect: (connection: Connection) => editor.act((flow) => withConnection(flow, connection)),
      onReconnect: (line: FlowConnection, connection: Connection) =>
        editor.act((flow) => withEnds(flow, line, connection)),
      isValidConnection: ({ source, target, sourceHandle = null, targetHandle = null }: FlowConnection | Connection) =>
        refusal({ source, target, sourceHandle, targetHandle }) === undefined,
    };
  }, [editor, types]);
}

function endOf({ nodeId, id, type }: { nodeId: string; id?: string | null; type: End["side"] }): End {
  return { nodeId, port: id ?? null, side: type };
}

/** A drag is one step, and nodes belong to the group on which they are left. */
export function useDragging() {
  const editor = useEditor();
  return useMemo(() => {
    const stop = (_: unknown, __: unknown, nodes: readonly FlowNode[]) => {
      const { nodes: all, edges } = editor.getState();
      editor.setState(housed({ nodes: all, edges }, new Set(nodes.map((node) => node.id))));
      editor.settle();
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
