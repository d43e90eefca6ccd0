import { type NodeProps, NodeResizer } from "@xyflow/react";
import { use } from "react";

import { Status } from "../parts/status.tsx";
import { useRun } from "../run/run.ts";
import { usePorts } from "./box.tsx";
import type { FlowNode } from "./flow.ts";
import styles from "./frame.module.css";
import { IssueMark } from "./marks.tsx";
import { PortHandle } from "./port.tsx";
import { nameOf } from "./ports.ts";
import { SceneContext } from "./scene.ts";
import { useEditor } from "./store.ts";

/** A group: a frame around the nodes in it. */
export function NodeFrame({ id, data, selected }: NodeProps<FlowNode>) {
  const ports = usePorts(id, "group", data);
  return (
    <div className={styles.frame} data-selected={selected}>
      <Resizer isVisible={selected} />
      <strong className={styles.title} title={nameOf({ id, data })}>
        {nameOf({ id, data })}
      </strong>
      <GroupState nodeId={id} />
      {ports.inputs.map((port) => (
        <PortHandle key={`in ${port.id}`} nodeId={id} port={port} side="target" />
      ))}
      {ports.outputs.map((port) => (
        <PortHandle key={`out ${port.id}`} nodeId={id} port={port} side="source" />
      ))}
      <IssueMark nodeId={id} />
    </div>
  );
}

function GroupState({ nodeId }: { readonly nodeId: string }) {
  const status = useRun(({ byNode }) => byNode.get(nodeId)?.status);
  return status && status !== "idle" ? <Status status={status} /> : null;
}

/** A note: a text on the canvas. */
export function NodeNote({ id, type = "note", data, selected }: NodeProps<FlowNode>) {
  const ports = usePorts(id, type, data);
  const { isFar } = use(SceneContext);
  return (
    <div className={styles.note} data-selected={selected} data-far={isFar}>
      <Resizer isVisible={selected} />
      <p>{textOf(data) || nameOf({ id, data })}</p>
      {ports.inputs.map((port) => (
        <PortHandle key={`in ${port.id}`} nodeId={id} port={port} side="target" />
      ))}
      {ports.outputs.map((port) => (
        <PortHandle key={`out ${port.id}`} nodeId={id} port={port} side="source" />
      ))}
    </div>
  );
}

function Resizer({ isVisible }: { readonly isVisible: boolean }) {
  const { begin, settle } = useEditor();
  // The last change comes after the end is told.
  const end = () => queueMicrotask(settle);
  return <NodeResizer isVisible={isVisible} minWidth={120} minHeight={64} onResizeStart={begin} onResizeEnd={end} />;
}

/** The text of a note: ours, or as relatives of React Flow have it. */
function textOf(data: FlowNode["data"]): string {
  const config = (data["config"] ?? {}) as Readonly<Record<string, unknown>>;
  const texts = [config["text"], data["text"], data["content"]];
  return texts.find((text): text is string => typeof text === "string" && text !== "") ?? "";
}
