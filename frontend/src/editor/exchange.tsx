import { ArrowDownUp, ClipboardCopy, Download, FilePlus, FileUp, Plus } from "lucide-react";
import { useState } from "react";

import { api } from "../api/client.ts";
import { Button } from "../parts/button.tsx";
import { Dialog } from "../parts/dialog.tsx";
import { Menu } from "../parts/menu.tsx";
import { notify, notifyOf } from "../parts/notices.tsx";
import { useOnce } from "../parts/once.ts";
import { copyText } from "../parts/copy.ts";
import { download } from "../parts/download.ts";
import { pasted } from "./clipboard.ts";
import { documentOf } from "./document.ts";
import { fileNameOf, graphIn, type Read } from "./documents.ts";
import { DropHint } from "./drop-hint.tsx";
import { pickDocument, useDrops, useImport } from "./importing.ts";
import { useSaved } from "./saving.ts";
import { useEditor } from "./store.ts";
import styles from "./title.module.css";

/** Takes a workflow out of the editor as a file, or one in. */
export function Exchange() {
  const [read, setRead] = useState<Read>();
  const isOver = useDrops(setRead);
  const { exportFile, copy } = useExports();
  return (
    <>
      <Menu
        label="Import and export"
        icon={ArrowDownUp}
        items={[
          { name: "Export as a file", icon: Download, act: () => void exportFile() },
          { name: "Copy as React Flow JSON", icon: ClipboardCopy, act: copy },
          { name: "Import a file …", icon: FileUp, act: () => pickDocument(setRead) },
        ]}
      />
      {isOver && <DropHint />}
      {read && <Import read={read} onClose={() => setRead(undefined)} />}
    </>
  );
}

function useExports() {
  const store = useEditor();
  const save = useSaved();
  async function exportFile() {
    const { id, name } = store.getState().saved;
    try {
      if (!(await save("It was not exported"))) return;
      const document = await api.exportWorkflow({ workflow_id: id });
      download(fileNameOf(name), "application/json", JSON.stringify(document, null, 2));
    } catch (error) {
      notifyOf(error);
    }
  }
  function copy() {
    const editing = store.getState();
    const { nodes, connections: edges, viewport } = documentOf(editing, editing.origins);
    void copyText(JSON.stringify({ nodes, edges, viewport }, null, 2), "The graph is in the clipboard.");
  }
  return { exportFile, copy };
}

interface ImportProps {
  readonly read: Read;
  onClose(): void;
}

/** What is to become of a document that came while a workflow is open. */
function Import({ read, onClose }: ImportProps) {
  const store = useEditor();
  const importNew = useImport();
  const graph = graphIn(read.document);
  function add() {
    const before = store.getState();
    const next = graph === undefined ? undefined : pasted(before, graph);
    if (next) store.act(() => next);
    notify(next ? "The graph is added to this workflow." : "There is no graph in it that can be added.");
    onClose();
  }
  const once = useOnce();
  const open = () => once(() => importNew(read).then(onClose));
  const actions = (
    <>
      <Button icon={Plus} disabled={graph === undefined} onClick={add}>
        Add to this one
      </Button>
      <Button look="main" icon={FilePlus} onClick={open}>
        Open as a new workflow
      </Button>
    </>
  );
  return (
    <Dialog title="Import a workflow" actions={actions} onClose={onClose}>
      <p className={styles.words}>What is to become of “{read.name}”?</p>
    </Dialog>
  );
}
