import { NodeToolbar, Position } from "@xyflow/react";
import { Cable, CopyPlus, Trash2 } from "lucide-react";
import { use, useState } from "react";

import { Button } from "../parts/button.tsx";
import { useCommands } from "./commands.ts";
import { Connecting } from "./connecting.tsx";
import styles from "./node-tools.module.css";
import { portsIn } from "./ports.ts";
import { SceneContext } from "./scene.ts";
import { type Editing, useEditing } from "./store.ts";

/** What can be done with the one node that is selected, above it. */
export function NodeTools() {
  const id = useEditing(onlyNode);
  return id === undefined ? null : <Tools key={id} nodeId={id} />;
}

function Tools({ nodeId }: { readonly nodeId: string }) {
  const { duplicate, remove } = useCommands();
  const { types } = use(SceneContext);
  const [isConnecting, setConnecting] = useState(false);
  const hasOutputs = useEditing(({ nodes, edges }) => {
    const node = nodes.find(({ id }) => id === nodeId);
    return node !== undefined && portsIn(node, { edges, types }).outputs.length > 0;
  });
  return (
    <>
      <NodeToolbar nodeId={nodeId} position={Position.Top} offset={14} isVisible>
        <div className={styles.tools} role="toolbar" aria-label="Node">
          {hasOutputs && (
            <Button icon={Cable} look="quiet" isIconOnly onClick={() => setConnecting(true)}>
              Connect to …
            </Button>
          )}
          <Button icon={CopyPlus} look="quiet" isIconOnly onClick={duplicate}>
            Duplicate
          </Button>
          <Button icon={Trash2} look="quiet" isIconOnly onClick={remove}>
            Delete
          </Button>
        </div>
      </NodeToolbar>
      {isConnecting && <Connecting nodeId={nodeId} onClose={() => setConnecting(false)} />}
    </>
  );
}

function onlyNode({ nodes, edges }: Editing): string | undefined {
  const [first, ...others] = nodes.filter((node) => node.selected);
  return others.length === 0 && !edges.some((edge) => edge.selected) ? first?.id : undefined;
}
