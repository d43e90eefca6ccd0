import { Upload as UploadIcon } from "lucide-react";
import { useId, useState } from "react";
import type { SnapshotDocument } from "understudy-client";

import { notifyOf } from "../parts/notices.tsx";
import { deed, type Deed } from "./deed.ts";
import { Deeds } from "./deeds.tsx";
import { TextField } from "./field.tsx";
import styles from "./field.module.css";
import { NAME, NAME_RULE, nameFrom } from "./names.ts";

interface Chosen {
  readonly file: string;
  readonly body: SnapshotDocument;
}

/** Keeps a snapshot that was downloaded, here or elsewhere. */
export function Upload() {
  const id = useId();
  const [chosen, setChosen] = useState<Chosen>();
  const [name, setName] = useState("");
  async function choose(file: File | undefined): Promise<void> {
    if (!file) return;
    try {
      setChosen({ file: file.name, body: JSON.parse(await file.text()) as SnapshotDocument });
      setName(nameFrom(file.name));
    } catch {
      notifyOf(new Error(`${file.name} is no JSON.`));
    }
  }
  return (
    <Deeds about="upload a snapshot" deeds={[upload(name, chosen)]}>
      <div className={styles.field}>
        <label htmlFor={id}>File</label>
        <input
          id={id}
          type="file"
          accept=".json,application/json"
          onChange={(event) => void choose(event.target.files?.[0])}
        />
      </div>
      <TextField label="Keep as" required pattern={NAME} title={NAME_RULE} value={name} onChange={setName} />
    </Deeds>
  );
}

const NO_DOCUMENT = {} as SnapshotDocument;

function upload(snapshot: string, chosen: Chosen | undefined): Deed {
  return deed({
    label: "Upload",
    icon: UploadIcon,
    isOff: !chosen,
    recipe: {
      id: "uploadSnapshot",
      given: { snapshot: snapshot || "snapshot-1", body: chosen?.body ?? NO_DOCUMENT },
      file: chosen?.file ?? "snapshot-1.json",
    },
    tell: ({ name }) => `Snapshot ${name} is kept.`,
  });
}
