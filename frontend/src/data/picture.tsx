import { useState } from "react";

import { api } from "../api/client.ts";
import { FileIcon, Thumbnail } from "../files/thumbnail.tsx";
import { bytesOf } from "../parts/amounts.ts";
import { Button } from "../parts/button.tsx";
import { notifyOf } from "../parts/notices.tsx";
import styles from "./picture.module.css";
import type { Reference } from "./references.ts";

const FIRST = 24;
const SIDE = 320;

/** Files: what is seen of each, and its name, which opens it. */
export function Pictures({ files }: { readonly files: readonly Reference[] }) {
  const [most, setMost] = useState(FIRST);
  return (
    <>
      <ul className={styles.files}>
        {files.slice(0, most).map((file) => (
          <Picture key={file.id} file={file} />
        ))}
      </ul>
      {files.length > most && <Button onClick={() => setMost(most + FIRST)}>Show more files</Button>}
    </>
  );
}

function Picture({ file }: { readonly file: Reference }) {
  return (
    <li className={styles.file}>
      <div className={styles.picture}>
        {file.kind === "image" ? <Thumbnail file={file} size={SIDE} alt={file.name} /> : <FileIcon kind={file.kind} />}
      </div>
      <button type="button" className={styles.name} title={`Open ${file.name}`} onClick={() => void open(file)}>
        {file.name}
      </button>
      <span className={styles.about}>{aboutOf(file)}</span>
    </li>
  );
}

function aboutOf({ contentType, size }: Reference): string {
  return size === undefined ? contentType : `${contentType}, ${bytesOf(size)}`;
}

async function open({ id }: Reference): Promise<void> {
  try {
    window.open(await api.address("getFileContent", { file_id: id }), "_blank", "noopener");
  } catch (error) {
    notifyOf(error);
  }
}
