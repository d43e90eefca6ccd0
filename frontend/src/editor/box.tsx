import { type NodeProps, useUpdateNodeInternals } from "@xyflow/react";
import { type CSSProperties, use, useEffect, useMemo, useRef } from "react";
import type { NodeType } from "understudy-client";
import { useShallow } from "zustand/react/shallow";

import { shortened } from "../data/json.ts";
import { useRun } from "../run/run.ts";
import styles from "./box.module.css";
import type { FlowNode } from "./flow.ts";
import { TypeIcon } from "./icons.ts";
import { IssueMark, Marks, RunState } from "./marks.tsx";
import { PortHandle } from "./port.tsx";
import { nameOf, namedEnds, type Port, type Ports, portsOf } from "./ports.ts";
import { SceneContext } from "./scene.ts";
import { useEditing } from "./store.ts";

const HEADER = 56;
const ROW = 24;
/** A document that asks for a box narrower than this has room for a name only. */
const NARROW = 120;
/** Other editors call their ports by long names. */
const LONGEST_PORT = 20;
const NO_ENDS: readonly string[] = [];

/** A node that executes, as a box: what it is, its ports, and how it fares in the execution that is shown. */
export function NodeBox({ id, type = "default", data, width, selected }: NodeProps<FlowNode>) {
  const { types, isFar } = use(SceneContext);
  const kind = types.get(type);
  const ports = usePorts(id, type, data);
  const run = useRun(({ byNode }) => byNode.get(id));
  const isPlain = isFar || (width !== undefined && width > 0 && width < NARROW);
  return (
    <div
      className={styles.box}
      style={
        {
          "--type": kind?.color ?? "var(--line-strong)",
          minHeight: isPlain ? undefined : heightOf(ports),
        } as CSSProperties
      }
      data-status={run?.status}
      data-selected={selected}
      data-disabled={data["disabled"] === true}
      data-narrow={width !== undefined && width > 0 && width < NARROW}
    >
      {isPlain ? (
        <span className={styles.far} style={{ minHeight: isFar ? heightOf(ports) - 2 : undefined }}>
          <span className={styles.name}>{nameOf({ id, data })}</span>
        </span>
      ) : (
        <Details id={id} type={type} kind={kind} data={data} ports={ports} />
      )}
      <PortHandles nodeId={id} ports={ports} isNarrow={isPlain && !isFar} />
      <IssueMark nodeId={id} />
    </div>
  );
}

interface DetailsProps {
  readonly id: string;
  readonly type: string;
  readonly kind: NodeType | undefined;
  readonly data: FlowNode["data"];
  readonly ports: Ports;
}

function Details({ id, type, kind, data, ports }: DetailsProps) {
  const name = nameOf({ id, data });
  return (
    <>
      <div className={styles.header}>
        <span className={styles.icon}>
          <TypeIcon name={kind?.icon} size={18} />
        </span>
        <div className={styles.words}>
          <div className={styles.line}>
            <strong className={styles.name} title={name}>
              {name}
            </strong>
            <Marks data={data} />
          </div>
          <div className={styles.line}>
            <span className={styles.type} title={kind?.description}>
              {kind?.display_name ?? `Unknown type: ${type}`}
            </span>
            <RunState nodeId={id} />
          </div>
        </div>
      </div>
      {hasRows(ports) && (
        <div className={styles.rows}>
          <Labels ports={ports.inputs} />
          <Labels ports={ports.outputs} />
        </div>
      )}
    </>
  );
}

function Labels({ ports }: { readonly ports: readonly Port[] }) {
  return (
    <div className={styles.labels}>
      {ports.map((port) => (
        <span key={port.id} data-unknown={port.isUnknown} title={port.label}>
          {shortened(port.label, LONGEST_PORT)}
        </span>
      ))}
    </div>
  );
}

function PortHandles({
  nodeId,
  ports,
  isNarrow,
}: {
  readonly nodeId: string;
  readonly ports: Ports;
  readonly isNarrow: boolean;
}) {
  const at = (place: number) =>
    hasRows(ports) && !isNarrow ? { top: HEADER + ROW * (place + 0.5) } : isNarrow ? {} : { top: HEADER / 2 };
  return (
    <>
      {ports.inputs.map((port, place) => (
        <PortHandle key={`in ${port.id}`} nodeId={nodeId} port={port} side="target" {...at(place)} />
      ))}
      {ports.outputs.map((port, place) => (
        <PortHandle key={`out ${port.id}`} nodeId={nodeId} port={port} side="source" {...at(place)} />
      ))}
    </>
  );
}

/** The ports of a node. React Flow is told when they change, so that it finds where they are. */
export function usePorts(id: string, type: string, data: FlowNode["data"]): Ports {
  const { types } = use(SceneContext);
  const update = useUpdateNodeInternals();
  const ends = useEditing(useShallow(({ edges }) => namedEnds(edges).get(id) ?? NO_ENDS));
  const ports = useMemo(() => portsOf({ type, data }, types.get(type), ends), [type, data, types, ends]);
  const names = [...ports.inputs, ...ports.outputs].map((port) => port.id).join("\n");
  const known = useRef(names);
  useEffect(() => {
    // At first React Flow looks by itself; asked for one node alone, it would bring that alone into view.
    if (known.current !== names) update(id);
    known.current = names;
  }, [update, id, names]);
  return ports;
}

/** One port on a side needs no name; several have one each, in rows below. */
function hasRows({ inputs, outputs }: Ports): boolean {
  return inputs.length > 1 || outputs.length > 1;
}

function heightOf(ports: Ports): number {
  const rows = Math.max(ports.inputs.length, ports.outputs.length);
  return HEADER + (hasRows(ports) ? rows * ROW + 8 : 0);
}
