import { ChevronDown, ChevronUp } from "lucide-react";
import { type ComponentType, useState } from "react";

import { Issues } from "../editor/issues.tsx";
import { useIssues } from "../editor/validation.ts";
import { type DockTab, showInDock, toggleDock, useView } from "../editor/view.ts";
import { Button } from "../parts/button.tsx";
import { type Tab, Tabs } from "../parts/tabs.tsx";
import styles from "./dock.module.css";
import { useExecutionsOf, WorkflowExecutions } from "./history.tsx";
import { Log } from "./log.tsx";
import { Moments } from "./moments.tsx";
import { Resizer } from "./resizer.tsx";
import { useRun } from "./run.ts";
import { Summary } from "./summary.tsx";
import { Timeline } from "./timeline.tsx";

const START_HEIGHT = 260;

const PANELS: Readonly<Record<DockTab, ComponentType<{ readonly workflowId: string }>>> = {
  timeline: Timeline,
  log: Log,
  executions: WorkflowExecutions,
  issues: Issues,
};

/** What lies below the canvas: the execution that is shown, its timeline and log, other executions, and issues. */
export function Dock({ workflowId }: { readonly workflowId: string }) {
  const { isDockOpen, dockTab } = useView();
  const [height, setHeight] = useState(START_HEIGHT);
  const tabs = useTabs(workflowId);
  const Panel = PANELS[dockTab];
  return (
    <section className={styles.dock} aria-label="Execution">
      {isDockOpen && <Resizer height={height} onChange={setHeight} />}
      <div className={styles.strip}>
        <Summary />
        <Moments />
        <div className={styles.toggle}>
          <Button
            icon={isDockOpen ? ChevronDown : ChevronUp}
            look="quiet"
            isIconOnly
            aria-expanded={isDockOpen}
            onClick={toggleDock}
          >
            Timeline and log
          </Button>
        </div>
      </div>
      {isDockOpen && (
        <div className={styles.panels} style={{ height }}>
          <Tabs label="Execution" tabs={tabs} current={dockTab} onChange={showInDock}>
            <Panel workflowId={workflowId} />
          </Tabs>
        </div>
      )}
    </section>
  );
}

function useTabs(workflowId: string): readonly Tab<DockTab>[] {
  const issues = useIssues((state) => state.issues?.length ?? 0);
  const executions = useExecutionsOf(workflowId).data?.total ?? 0;
  return [
    { name: "timeline", label: "Timeline" },
    { name: "log", label: <CountedLog /> },
    { name: "executions", label: <Counted name="Executions" count={executions} /> },
    { name: "issues", label: <Counted name="Issues" count={issues} /> },
  ];
}

/** Events come often: nothing else is drawn again for their number. */
function CountedLog() {
  return <Counted name="Log" count={useRun(({ lastSeq }) => lastSeq)} />;
}

function Counted({ name, count }: { readonly name: string; readonly count: number }) {
  return (
    <>
      {name}
      {count > 0 && <span className={styles.count}>{count.toLocaleString("en")}</span>}
    </>
  );
}
