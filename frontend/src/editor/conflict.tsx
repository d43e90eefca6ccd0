import { Copy, FileInput, FilePlus } from "lucide-react";
import { useMemo, useState } from "react";
import { useLocation } from "wouter";

import { Button } from "../parts/button.tsx";
import { Dialog } from "../parts/dialog.tsx";
import { notify } from "../parts/notices.tsx";
import { useOnce } from "../parts/once.ts";
import { Sketch } from "../parts/sketch.tsx";
import { changesIn } from "./changes.ts";
import { type Draft, opened } from "./document.ts";
import type { Served } from "./saver.ts";
import { useSaver, useSaving } from "./saving.ts";
import { useEditing, useEditor } from "./store.ts";
import styles from "./title.module.css";

const MOST_NAME = 255;

/** What a person has to decide before a workflow can be saved again. */
export function Conflict() {
  const saving = useSaving();
  if (saving.state === "gone") return <Gone />;
  return saving.state === "conflict" ? <Both theirs={saving.theirs} /> : null;
}

/** Mine and theirs side by side, to choose from. */
function Both({ theirs }: { readonly theirs: Served }) {
  const saver = useSaver();
  const copy = useCopying("(mine)");
  const mine = useEditing((editing) => editing);
  const other = useMemo(() => opened(theirs.workflow).draft, [theirs]);
  const [isPutOff, putOff] = useState<Served>();
  if (isPutOff === theirs) return <Later onClick={() => putOff(undefined)} />;
  const take = () => {
    saver.takeTheirs();
    notify("Theirs is open. Undo brings yours back.");
  };
  const actions = (
    <>
      <Button icon={Copy} onClick={copy}>
        Keep mine as a copy
      </Button>
      <Button icon={FileInput} onClick={take}>
        Take theirs
      </Button>
      <Button look="main" onClick={() => void saver.keepMine()}>
        Keep mine
      </Button>
    </>
  );
  return (
    <Dialog title="Somebody else has changed this workflow" isWide actions={actions} onClose={() => putOff(theirs)}>
      <p>
        Yours is not saved yet. Whatever you choose, nothing is lost: theirs stays among the versions, and undo brings
        yours back.
      </p>
      <div className={styles.sides}>
        <Side title="Mine" before={mine.kept} after={mine} />
        <Side title={`Theirs, revision ${theirs.workflow.revision}`} before={mine.kept} after={other} />
      </div>
    </Dialog>
  );
}

interface SideProps {
  readonly title: string;
  readonly before: Draft;
  readonly after: Draft;
}

function Side({ title, before, after }: SideProps) {
  const changes = useMemo(() => changesIn(before, after), [before, after]);
  return (
    <section className={styles.side} aria-label={title}>
      <h3>{title}</h3>
      <div className={styles.picture}>
        <Sketch nodes={after.nodes} connections={after.edges} />
      </div>
      <ul className={styles.changes} tabIndex={0} aria-label={`What is new: ${title}`}>
        {changes.map((change) => (
          <li key={change}>{change}</li>
        ))}
        {changes.length === 0 && <li>Nothing that shows</li>}
      </ul>
    </section>
  );
}

/** The way back to the choice, while nothing is saved. */
function Later({ onClick }: { onClick(): void }) {
  return (
    <div className={styles.later}>
      <span>Nothing is saved until you choose between your changes and theirs.</span>
      <Button onClick={onClick}>Choose</Button>
    </div>
  );
}

/** The workflow is not there any more, and what is drawn is all that is left of it. */
function Gone() {
  const [, go] = useLocation();
  const saver = useSaver();
  const copy = useCopying("");
  const name = useEditing((editing) => editing.name);
  const leave = () => {
    saver.end();
    go("/");
  };
  const actions = (
    <>
      <Button onClick={leave}>Leave it deleted</Button>
      <Button look="main" icon={FilePlus} onClick={copy}>
        Save as a new workflow
      </Button>
    </>
  );
  return (
    <Dialog title="This workflow was deleted" actions={actions} onClose={leave}>
      <p className={styles.words}>Somebody else has deleted “{name}”. What you see can be saved as a new one.</p>
    </Dialog>
  );
}

/** Makes a new workflow of what is drawn, and opens it. */
function useCopying(suffix: string): () => void {
  const [, go] = useLocation();
  const saver = useSaver();
  const store = useEditor();
  const once = useOnce();
  return () => {
    const { name } = store.getState();
    const copied = suffix ? `${name.slice(0, MOST_NAME - suffix.length - 1)} ${suffix}` : name;
    once(async () => go(`/workflows/${await saver.copyMine(copied)}`));
  };
}
