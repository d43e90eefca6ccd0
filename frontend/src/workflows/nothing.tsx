import { Clapperboard, LayoutTemplate, Plus, SearchX, Workflow } from "lucide-react";
import { useState } from "react";
import { Link } from "wouter";

import { control, useMayDirect } from "../api/control.ts";
import { queries } from "../api/queries.ts";
import { Button } from "../parts/button.tsx";
import { notify, notifyOf } from "../parts/notices.tsx";
import { Nothing } from "../parts/room.tsx";
import { searchAll } from "./search.ts";
import styles from "./workflows.module.css";

/** What is seen in a sandbox without workflows: the ways to a first one. */
export function Beginning({ onCreate }: { onCreate(): void }) {
  const [isLoading, setLoading] = useState(false);
  const mayDirect = useMayDirect();
  function load() {
    setLoading(true);
    void loadDemo().finally(() => setLoading(false));
  }
  return (
    <Nothing icon={Workflow} title="There are no workflows yet">
      <p>
        {`Draw one, start from a template${mayDirect ? ", drop a .json file here, or look at the demo." : ", or drop a .json file here."}`}
      </p>
      <div className={styles.ways}>
        <Button icon={Plus} look="main" onClick={onCreate}>
          Draw a workflow
        </Button>
        <Link href="/templates" className={styles.way}>
          <LayoutTemplate size={16} aria-hidden />
          Pick a template
        </Link>
        {mayDirect && (
          <Button icon={Clapperboard} disabled={isLoading} onClick={load}>
            Load the demo
          </Button>
        )}
      </div>
    </Nothing>
  );
}

/** What is seen where nothing fits what is looked for. */
export function NothingFound() {
  return (
    <Nothing icon={SearchX} title="Nothing fits">
      <p>No workflow is like that. Look for something else, or see them all.</p>
      <Button onClick={searchAll}>Show all</Button>
    </Nothing>
  );
}

/** Fill the sandbox with the demo; its seed and its clock's pace stay. */
async function loadDemo(): Promise<void> {
  try {
    const { seed, clock } = await control.getState();
    const { pace, rate } = clock;
    await control.resetSandbox({ body: { scenario: "demo", seed, pace, ...(pace === "fast" && { rate }) } });
    notify("The demo is loaded.");
    await queries.invalidateQueries();
  } catch (error) {
    notifyOf(error);
  }
}
