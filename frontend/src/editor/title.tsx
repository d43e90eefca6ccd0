import { ArrowLeft, Copy, Ellipsis, History, LayoutTemplate, Pencil, Trash2 } from "lucide-react";
import { lazy, Suspense, useRef, useState } from "react";
import { Link, useLocation } from "wouter";

import { api } from "../api/client.ts";
import { Menu } from "../parts/menu.tsx";
import { useOnce } from "../parts/once.ts";
import { DeleteDialog } from "../workflows/delete-dialog.tsx";
import { SavingState } from "./saving-state.tsx";
import { useSaved, useSaver } from "./saving.ts";
import { useEditing, useEditor } from "./store.ts";
import styles from "./title.module.css";

const Details = lazy(() => import("./details.tsx"));
const Versions = lazy(() => import("./versions.tsx"));
const SaveAsTemplate = lazy(() => import("../templates/save.tsx"));

const MOST_NAME = 255;

type Open = "details" | "versions" | "template" | "delete";

/** The name of the workflow, and whether it is saved; its other details and versions. */
export function Title() {
  const [open, setOpen] = useState<Open>();
  const close = () => setOpen(undefined);
  return (
    <div className={styles.title}>
      <Link href="/" className={styles.back} title="All workflows">
        <ArrowLeft size={16} aria-hidden />
        <span className="unseen">All workflows</span>
      </Link>
      <Name />
      <SavingState />
      <More onOpen={setOpen} />
      <Suspense>
        {open === "details" && <Details onClose={close} />}
        {open === "versions" && <Versions onClose={close} />}
        {open === "template" && <Template onClose={close} />}
      </Suspense>
      {open === "delete" && <Delete onClose={close} />}
    </div>
  );
}

/** The name, which is changed where it stands. */
function Name() {
  const store = useEditor();
  const name = useEditing((editing) => editing.name);
  const [typed, setTyped] = useState<string>();
  const before = useRef(name);
  /** What is typed is the name at once, so that nothing is lost when the page is left. */
  function type(text: string) {
    setTyped(text);
    if (text.trim()) store.describe({ name: text.trim() }, "name");
  }
  return (
    <h1 className={styles.heading}>
      <span className={styles.measure} aria-hidden>
        {typed ?? name}
      </span>
      <input
        className={styles.name}
        aria-label="Name of the workflow"
        maxLength={MOST_NAME}
        size={1}
        value={typed ?? name}
        onFocus={() => (before.current = name)}
        onChange={(event) => type(event.target.value)}
        onBlur={() => setTyped(undefined)}
        onKeyDown={(event) => {
          if (event.key === "Escape") type(before.current);
          if (event.key === "Enter" || event.key === "Escape") event.currentTarget.blur();
        }}
      />
    </h1>
  );
}

function More({ onOpen }: { onOpen(open: Open): void }) {
  const [, go] = useLocation();
  const save = useSaved();
  const id = useEditing(({ saved }) => saved.id);
  async function openSaved(open: Open) {
    if (await save("No template was made")) onOpen(open);
  }
  const once = useOnce();
  const duplicate = () =>
    once(async () => {
      if (!(await save("It was not copied"))) return;
      go(`/workflows/${(await api.duplicateWorkflow({ workflow_id: id })).id}`);
    });
  return (
    <Menu
      label="More about the workflow"
      icon={Ellipsis}
      items={[
        { name: "Name, description and tags", icon: Pencil, act: () => onOpen("details") },
        { name: "Versions", icon: History, act: () => onOpen("versions") },
        { name: "Duplicate", icon: Copy, act: duplicate },
        { name: "Save as template", icon: LayoutTemplate, act: () => void openSaved("template") },
        { name: "Delete …", icon: Trash2, isDanger: true, act: () => onOpen("delete") },
      ]}
    />
  );
}

function Template({ onClose }: { onClose(): void }) {
  const { id, name } = useEditing(({ saved }) => saved);
  return <SaveAsTemplate workflowId={id} name={name} onClose={onClose} />;
}

function Delete({ onClose }: { onClose(): void }) {
  const [, go] = useLocation();
  const saver = useSaver();
  const { id, name } = useEditing(({ saved }) => saved);
  async function remove() {
    try {
      saver.end();
      await api.deleteWorkflow({ workflow_id: id });
      go("/");
    } catch (error) {
      saver.end(false);
      throw error;
    }
  }
  return <DeleteDialog name={name} onDelete={remove} onClose={onClose} />;
}
