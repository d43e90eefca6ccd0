import type { File } from "understudy-client";

import { bytesOf } from "../parts/amounts.ts";
import styles from "./files.module.css";
import { Thumbnail } from "./thumbnail.tsx";

interface GalleryProps {
  readonly files: readonly File[];
  onOpen(file: File): void;
}

/** Files as pictures with their names. */
export function Gallery({ files, onOpen }: GalleryProps) {
  return (
    <ul className={styles.gallery} aria-label="Files">
      {files.map((file) => (
        <li key={file.id}>
          <button type="button" className={styles.card} onClick={() => onOpen(file)}>
            <span className={styles.picture}>
              <Thumbnail file={file} size={256} />
            </span>
            <span className={styles.name} title={file.name}>
              {file.name}
            </span>
            <span className={styles.soft}>{`${file.kind === "pdf" ? "PDF" : file.kind} · ${bytesOf(file.size)}`}</span>
          </button>
        </li>
      ))}
    </ul>
  );
}
