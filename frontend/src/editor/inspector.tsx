import { X } from "lucide-react";
import { lazy, Suspense, useState } from "react";

import { Boundary } from "../parts/boundary.tsx";
import { Button } from "../parts/button.tsx";
import { type Tab, Tabs } from "../parts/tabs.tsx";
import { useRun } from "../run/run.ts";
import styles from "./inspector.module.css";
import { useEditing, useEditor } from "./store.ts";

const Settings = lazy(() => import("./settings.tsx"));
const NodeData = lazy(() => import("../data/node-data.tsx"));
const ConnectionData = lazy(() => import("../data/connection-data.tsx"));

const TABS: readonly Tab<"settings" | "data">[] = [
  { name: "settings", label: "Settings" },
  { name: "data", label: "Data" },
];

/** What the one thing that is selected on the canvas is about: a node's settings and data, a connection's data. */
export function Inspector() {
  const nodeId = useEditing(({ nodes }) => onlyOne(nodes));
  const connectionId = useEditing(({ edges }) => onlyOne(edges));
  if (nodeId !== undefined && connectionId === undefined) return <AboutNode nodeId={nodeId} />;
  if (connectionId !== undefined && nodeId === undefined) return <AboutConnection connectionId={connectionId} />;
  return null;
}

function AboutNode({ nodeId }: { readonly nodeId: string }) {
  const hasRun = useRun(({ byNode }) => byNode.has(nodeId));
  const [tab, setTab] = useState<"settings" | "data">(hasRun ? "data" : "settings");
  return (
    <Side label="Node">
      <Tabs label="Node" tabs={TABS} current={tab} onChange={setTab}>
        <Boundary place={`${tab} ${nodeId}`}>
          <Suspense>
            {tab === "settings" ? <Settings key={nodeId} nodeId={nodeId} /> : <NodeData nodeId={nodeId} />}
          </Suspense>
        </Boundary>
      </Tabs>
    </Side>
  );
}

function AboutConnection({ connectionId }: { readonly connectionId: string }) {
  return (
    <Side label="Connection">
      <Boundary place={connectionId}>
        <Suspense>
          <ConnectionData connectionId={connectionId} />
        </Suspense>
      </Boundary>
    </Side>
  );
}

function Side({ label, children }: { readonly label: string; readonly children: React.ReactNode }) {
  const { selectNone } = useEditor();
  return (
    <aside className={styles.side} aria-label={label}>
      <div className={styles.close}>
        <Button icon={X} look="quiet" isIconOnly onClick={selectNone}>
          Close
        </Button>
      </div>
      {children}
    </aside>
  );
}

/** The id of what is selected, if it is one. */
function onlyOne(items: readonly { readonly id: string; readonly selected?: boolean }[]): string | undefined {
  const selected = items.filter((item) => item.selected);
  return selected.length === 1 ? selected[0]!.id : undefined;
}
