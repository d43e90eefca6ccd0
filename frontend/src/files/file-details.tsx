import { Copy, Download, Link2, Trash2 } from "lucide-react";
import { useState } from "react";
import type { File } from "understudy-client";

import { api } from "../api/client.ts";
import { queries } from "../api/queries.ts";
import { Button } from "../parts/button.tsx";
import { Dialog } from "../parts/dialog.tsx";
import { notify, notifyOf } from "../parts/notices.tsx";
import { copyText } from "../parts/taking.ts";
import { type Fact, factsOf, findingsOf } from "./facts.ts";
import styles from "./file-details.module.css";
import { Preview } from "./preview.tsx";

interface FileDetailsProps {
  readonly file: File;
  onClose(): void;
}

/** All that is known of a file, with a look into it and what can be done with it. */
export function FileDetails({ file, onClose }: FileDetailsProps) {
  const [isLeaving, setLeaving] = useState(false);
  const findings = findingsOf(file.metadata);
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
          <Facts title="File" facts={factsOf(file)} />
          {findings.length > 0 && <Facts title="Found in it" facts={findings} />}
        </div>
      </div>
    </Dialog>
  );
}

function Facts({ title, facts }: { readonly title: string; readonly facts: readonly Fact[] }) {
  return (
    <section>
      <h3>{title}</h3>
      <dl>
        {facts.map(({ label, value }) => (
          <div key={label}>
            <dt>{label}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
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
  const [isBusy, setBusy] = useState(false);
  async function remove() {
    setBusy(true);
    try {
      await api.deleteFile({ file_id: file.id });
      void queries.invalidateQueries({ queryKey: ["files"] });
      notify(`${file.name} is deleted.`);
      onGone();
    } catch (error) {
      notifyOf(error);
      onKeep();
    }
  }
  const actions = (
    <>
      <Button onClick={onKeep}>Cancel</Button>
      <Button icon={Trash2} look="danger" disabled={isBusy} onClick={() => void remove()}>
        Delete
      </Button>
    </>
  );
  return (
    <Dialog title="Delete this file?" actions={actions} onClose={onKeep}>
      <p className={styles.name}>{file.name}</p>
      <p>Executions that use it keep it. Nothing else does.</p>
    </Dialog>
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
