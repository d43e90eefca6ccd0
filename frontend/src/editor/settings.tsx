import { CircleHelp } from "lucide-react";
import { useCallback } from "react";
import type { NodeType } from "understudy-client";

import { useNodeTypes } from "../api/node-types.ts";
import { Behaviour } from "./behaviour.tsx";
import type { FlowNode } from "./flow.ts";
import { ConfigForm } from "./form/config-form.tsx";
import { Member } from "./form/member.tsx";
import { LinesControl, SwitchControl, TextControl } from "./form/controls.tsx";
import { useJudged } from "./form/issues.ts";
import { Pinned } from "./pinned.tsx";
import styles from "./settings.module.css";
import { type EditorStore, useEditing, useEditor } from "./store.ts";

/** What a node's data may have; members of others are kept. */
export type NodeData = Readonly<Record<string, unknown>>;

/** Gives members of a node's data other values; what is undefined is taken away. */
export type ChangeData = (change: NodeData, field: string) => void;

/** How a node is configured. */
export default function Settings({ nodeId }: { readonly nodeId: string }) {
  const box = useEditing(({ nodes }) => nodes.find((node) => node.id === nodeId));
  return box ? <OfNode box={box} /> : null;
}

function OfNode({ box }: { readonly box: FlowNode }) {
  const types = useNodeTypes();
  const type = types.get(box.type ?? "");
  const store = useEditor();
  const workflowId = useEditing(({ saved }) => saved.id);
  const judged = useJudged(workflowId, box);
  const change = useCallback<ChangeData>((data, field) => put(store, box.id, data, field), [store, box.id]);
  const { data } = box;
  if (types.size === 0) return <p className={styles.loading}>Opening …</p>;
  return (
    <div className={styles.settings}>
      <About box={box} type={type} />
      <Member label="Label" value={data["label"]} as={TextControl} onChange={(label) => change({ label }, "label")} />
      {!type?.annotation && (
        <Member
          label="Disabled"
          help="It does nothing but hand its input on."
          value={data["disabled"]}
          as={SwitchControl}
          onChange={(disabled) => change({ disabled: disabled || undefined }, "disabled")}
        />
      )}
      <ConfigForm
        type={type}
        config={(data["config"] ?? {}) as NodeData}
        judged={judged}
        onChange={(config, place) => change({ config }, place)}
      />
      {!type?.annotation && <Behaviour data={data} onChange={change} />}
      {!type?.annotation && <Pinned data={data} onChange={change} />}
      <Member
        label="Notes"
        help="For people; nothing reads them."
        value={data["notes"]}
        as={LinesControl}
        onChange={(notes) => change({ notes: notes || undefined }, "notes")}
      />
    </div>
  );
}

function About({ box, type }: { readonly box: FlowNode; readonly type: NodeType | undefined }) {
  return (
    <div className={styles.head}>
      <h2>{type?.display_name ?? box.type ?? "Node"}</h2>
      <p className={styles.soft}>
        {type?.description ?? "Nobody knows this type: a node of it hands its input on. Its configuration is kept."}
      </p>
      <p className={styles.soft}>
        <CircleHelp size={12} aria-hidden /> Texts may hold <code>{"{{ $json.name }}"}</code>; id <code>{box.id}</code>
      </p>
    </div>
  );
}

/** One step that can be undone for all that is typed into one field. */
function put(store: EditorStore, id: string, change: NodeData, field: string): void {
  const changed = (box: FlowNode): FlowNode => (box.id === id ? { ...box, data: merged(box.data, change) } : box);
  store.act(({ nodes, edges }) => ({ nodes: nodes.map(changed), edges }), `${id} ${field}`);
}

function merged(data: NodeData, change: NodeData): Record<string, unknown> {
  return Object.fromEntries(Object.entries({ ...data, ...change }).filter(([, value]) => value !== undefined));
}
