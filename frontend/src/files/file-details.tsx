import { Copy, Download, Link2, Trash2 } from "lucide-react";
import { useState } from "react";
import type { File } from "understudy-client";

import { api } from "../api/client.ts";
import { acceptGone } from "../api/gone.ts";
import { queries } from "../api/queries.ts";
import { Button } from "../parts/button.tsx";
import { Confirm } from "../parts/confirm.tsx";
import { copyText } from "../parts/copy.ts";
import { Dialog } from "../parts/dialog.tsx";
import { Facts } from "../parts/facts.tsx";
import { useLeaveWhenGone } from "../parts/gone.ts";
import { notify, notifyOf } from "../parts/notices.tsx";
import { type Fact, factsOf, findingsOf } from "./facts.ts";
import styles from "./file-details.module.css";
import { Preview } from "./preview.tsx";
import { useFile } from "./search.ts";

interface FileDetailsProps {
  readonly file: File;
  onClose(): void;
}

/** All that is known of a file, with a look into it and what can be done with it. */
export function FileDetails({ file, onClose }: FileDetailsProps) {
  const [isLeaving, setLeaving] = useState(false);
  const findings = findingsOf(file.metadata);
  const { error } = useFile(file.id);
  useLeaveWhenGone(error, file.name, "files", onClose);
  if (isLeaving) return <Farewell file={file} onKeep={() => setLeaving(false)} onGone={onClose} />;
  return (
    <Dialog
      title={file.name}
      isWide
      onClose={onClose}
      actions={<Actions file={file} onDelete={() => setLeaving(true)} />}
    >
      <div className={styles.details}>
        <div className={styles.preview}>
          <Preview file={file} />
        </div>
        <div className={styles.facts} role="region" aria-label="What is known of it" tabIndex={0}>
          <Known title="File" facts={factsOf(file)} />
          {findings.length > 0 && <Known title="Found in it" facts={findings} />}
        </div>
      </div>
    </Dialog>
  );
}

function Known({ title, facts }: { readonly title: string; readonly facts: readonly Fact[] }) {
  return (
    <section>
      <h3>{title}</h3>
      <Facts facts={Object.fromEntries(facts.map(({ label, value }) => [label, value]))} />
    </section>
  );
}

function Actions({ file, onDelete }: { readonly file: File; onDelete(): void }) {
  return (
    <>
      <Button icon={Copy} onClick={() => void copyText(file.id, "The id is copied.")}>
        Copy id
      </Button>
      <Button icon={Link2} onClick={() => void copyText(addressOf(file), "The address is copied.")}>
        Copy address
      </Button>
      <Button icon={Trash2} look="danger" onClick={onDelete}>
        Delete
      </Button>
      <Button icon={Download} look="main" onClick={() => void download(file)}>
        Download
      </Button>
    </>
  );
}

/** Asks whether a file may go. */
function Farewell({ file, onKeep, onGone }: { readonly file: File; onKeep(): void; onGone(): void }) {
  async function remove(): Promise<void> {
    await api.deleteFile({ file_id: file.id }).catch(acceptGone);
    void queries.invalidateQueries({ queryKey: ["files"] });
    notify(`${file.name} is deleted.`);
    onGone();
  }
  return (
    <Confirm title="Delete this file?" action="Delete" icon={Trash2} onConfirm={remove} onClose={onKeep}>
      <p>
        <strong>{file.name}</strong>
      </p>
      <p>Executions that use it keep it. Nothing else does.</p>
    </Confirm>
  );
}

function addressOf({ content_url }: File): string {
  return new URL(content_url, location.href).href;
}

async function download({ id, name }: File): Promise<void> {
  try {
    const link = document.createElement("a");
    link.href = await api.address("getFileContent", { file_id: id });
    link.download = name;
    link.click();
  } catch (error) {
    notifyOf(error);
  }
}
