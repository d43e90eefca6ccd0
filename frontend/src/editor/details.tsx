import { useState } from "react";

import { Button } from "../parts/button.tsx";
import { Dialog } from "../parts/dialog.tsx";
import { useEditing, useEditor } from "./store.ts";
import styles from "./title.module.css";

/** A dialog with what a workflow is called, what it is for, and words to find it by. */
export default function Details({ onClose }: { onClose(): void }) {
  const store = useEditor();
  const was = useEditing((editing) => editing);
  const [name, setName] = useState(was.name);
  const [description, setDescription] = useState(was.description);
  const [tags, setTags] = useState(was.tags.join(", "));
  function keep() {
    const next = tagsOf(tags);
    const isSame = next.join("\n") === was.tags.join("\n");
    store.describe({ name: name.trim() || was.name, description, tags: isSame ? was.tags : next });
    onClose();
  }
  const actions = (
    <>
      <Button onClick={onClose}>Cancel</Button>
      <Button look="main" onClick={keep}>
        Save
      </Button>
    </>
  );
  return (
    <Dialog title="About this workflow" actions={actions} onClose={onClose}>
      <div className={styles.fields}>
        <label>
          Name
          <input value={name} maxLength={255} onChange={(event) => setName(event.target.value)} />
        </label>
        <label>
          Description
          <textarea rows={4} value={description} onChange={(event) => setDescription(event.target.value)} />
        </label>
        <label>
          Tags
          <input value={tags} onChange={(event) => setTags(event.target.value)} />
          <span className={styles.soft}>Words to find it by, with commas between them.</span>
        </label>
      </div>
    </Dialog>
  );
}

function tagsOf(text: string): readonly string[] {
  const tags = text.split(",").map((tag) => tag.trim().slice(0, 200));
  return [...new Set(tags.filter((tag) => tag !== ""))];
}
