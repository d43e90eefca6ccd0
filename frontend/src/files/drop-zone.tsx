import { Upload } from "lucide-react";
import { type DragEvent, type ReactNode, useState } from "react";

import styles from "./drop-zone.module.css";

interface DropZoneProps {
  readonly children: ReactNode;
  onFiles(files: readonly File[]): void;
}

/** A room into which files can be dropped wherever there is room. */
export function DropZone({ children, onFiles }: DropZoneProps) {
  const [isOver, setOver] = useState(false);
  function enter(event: DragEvent) {
    if (!event.dataTransfer.types.includes("Files")) return;
    event.preventDefault();
    setOver(true);
  }
  function leave(event: DragEvent<HTMLElement>) {
    if (!event.currentTarget.contains(event.relatedTarget as Node | null)) setOver(false);
  }
  function drop(event: DragEvent) {
    if (!event.dataTransfer.types.includes("Files")) return;
    event.preventDefault();
    setOver(false);
    onFiles(filesIn(event.dataTransfer));
  }
  return (
    <div className={styles.zone} onDragEnter={enter} onDragOver={enter} onDragLeave={leave} onDrop={drop}>
      {children}
      {isOver && (
        <div className={styles.veil}>
          <Upload size={32} aria-hidden />
          <strong>Drop the files to upload them</strong>
        </div>
      )}
    </div>
  );
}

/** The files that are dropped, without folders, which have no bytes. */
function filesIn({ items }: DataTransfer): File[] {
  const files = [...items].filter((item) => item.kind === "file" && item.webkitGetAsEntry()?.isDirectory !== true);
  return files.map((item) => item.getAsFile()).filter((file) => file !== null);
}
