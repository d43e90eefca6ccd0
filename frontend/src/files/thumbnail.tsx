import { useQuery } from "@tanstack/react-query";
import { File, FileArchive, FileAudio, FileImage, FileText, FileVideo, type LucideIcon } from "lucide-react";
import { useState } from "react";
import type { File as Kept } from "understudy-client";

import { api } from "../api/client.ts";
import { useBytes } from "./bytes.ts";
import styles from "./thumbnail.module.css";

const ICONS: Readonly<Partial<Record<string, LucideIcon>>> = {
  image: FileImage,
  pdf: FileText,
  text: FileText,
  audio: FileAudio,
  video: FileVideo,
  archive: FileArchive,
};

interface ThumbnailProps {
  readonly file: Pick<Kept, "id" | "name"> & { readonly kind: string };
  /** Pixels of the longer side. */
  readonly size: number;
  /** What is said of it where it is not beside its name. */
  readonly alt?: string;
}

/** A small picture of a file; an icon until it is there, and where there is none. It fills what is around it. */
export function Thumbnail({ file, size, alt = "" }: ThumbnailProps) {
  const { data } = useQuery({
    queryKey: ["thumbnail", file.id, size],
    // Through the client and not as an address, which would need a token that is good for a minute only.
    queryFn: ({ signal }) => api.getFileThumbnail({ file_id: file.id, size, signal }),
    staleTime: Infinity,
  });
  const showBytes = useBytes(data as Blob | undefined);
  const [isBroken, setBroken] = useState(false);
  return (
    <span className={styles.thumbnail}>
      {data !== undefined && !isBroken ? (
        <img ref={showBytes} alt={alt} onError={() => setBroken(true)} />
      ) : (
        <FileIcon kind={file.kind} alt={alt} />
      )}
    </span>
  );
}

/** The icon of a kind of file. */
export function FileIcon({ kind, alt = "" }: { readonly kind: string; readonly alt?: string }) {
  const Icon = ICONS[kind] ?? File;
  return <Icon size={32} strokeWidth={1.5} aria-label={alt || undefined} aria-hidden={alt ? undefined : true} />;
}
