import { useQuery } from "@tanstack/react-query";
import { File, FileArchive, FileImage, FileMusic, FilePlay, FileText } from "lucide-react";
import { useState } from "react";

import { api } from "../api/client.ts";
import { bytesOf } from "../parts/amounts.ts";
import { Button } from "../parts/button.tsx";
import { notifyOf } from "../parts/notices.tsx";
import styles from "./picture.module.css";
import type { Reference } from "./references.ts";

const FIRST = 24;
const SIDE = 320;
/** A token in an address is good for a minute. */
const ADDRESS_MS = 50_000;

const ICONS = { image: FileImage, pdf: FileText, text: FileText, audio: FileMusic, video: FilePlay };

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
      {file.kind === "image" ? <Thumbnail file={file} /> : <Sign file={file} />}
      <button type="button" className={styles.name} title={`Open ${file.name}`} onClick={() => void open(file)}>
        {file.name}
      </button>
      <span className={styles.about}>{aboutOf(file)}</span>
    </li>
  );
}

function Thumbnail({ file }: { readonly file: Reference }) {
  const [isLost, setLost] = useState(false);
  const { data: source } = useQuery({
    queryKey: ["thumbnail", file.id],
    queryFn: () => api.address("getFileThumbnail", { file_id: file.id, size: SIDE }),
    staleTime: ADDRESS_MS,
    refetchOnWindowFocus: false,
  });
  if (isLost) return <Sign file={file} />;
  return (
    <div className={styles.picture}>{source && <img src={source} alt={file.name} onError={() => setLost(true)} />}</div>
  );
}

function Sign({ file: { kind } }: { readonly file: Reference }) {
  const Icon = kind === "archive" ? FileArchive : (ICONS[kind as keyof typeof ICONS] ?? File);
  return (
    <div className={styles.picture}>
      <Icon size={32} strokeWidth={1.5} aria-hidden />
    </div>
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
