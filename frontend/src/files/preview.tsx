import { useQuery } from "@tanstack/react-query";
import { FileX2 } from "lucide-react";
import { useState } from "react";
import type { File } from "understudy-client";

import { api } from "../api/client.ts";
import { useSession } from "../api/session.ts";
import { wordsOf } from "../parts/notices.tsx";
import { useBytes } from "./bytes.ts";
import styles from "./preview.module.css";
import { Thumbnail } from "./thumbnail.tsx";

/** How much of a text is shown. */
const MOST_BYTES = 32_768;
const LARGE = 1024;

/** What is in a file, as far as it can be shown in place. */
export function Preview({ file }: { readonly file: File }) {
  if (file.kind === "text") return <Text file={file} />;
  if (file.kind === "audio" || file.kind === "video") return <Player file={file} kind={file.kind} />;
  return (
    <div className={styles.picture}>
      <Thumbnail file={file} size={LARGE} alt={`Preview of ${file.name}`} />
    </div>
  );
}

function Text({ file }: { readonly file: File }) {
  const { data, error } = useQuery({
    queryKey: ["content", file.id, "start"],
    queryFn: ({ signal }) => readStart(file, signal),
    staleTime: Infinity,
  });
  if (error) return <p className={styles.none}>{wordsOf(error)}</p>;
  return (
    <div className={styles.text}>
      <pre tabIndex={0} role="region" aria-label={`Text of ${file.name}`}>
        {data ?? ""}
      </pre>
      {file.size > MOST_BYTES && <p className={styles.more}>Only the beginning is shown. Download it for the rest.</p>}
    </div>
  );
}

async function readStart(file: File, signal: AbortSignal): Promise<string> {
  const headers = { Range: `bytes=0-${MOST_BYTES - 1}` };
  const blob = (await api.getFileContent({ file_id: file.id, headers, signal })) as Blob;
  const encoding = typeof file.metadata["encoding"] === "string" ? file.metadata["encoding"] : "utf-8";
  return decoderOf(encoding).decode(await blob.arrayBuffer());
}

function decoderOf(encoding: string): TextDecoder {
  try {
    return new TextDecoder(encoding);
  } catch {
    return new TextDecoder();
  }
}

function Player({ file, kind }: { readonly file: File; readonly kind: "audio" | "video" }) {
  const { data: source, error } = useSource(file);
  const showBytes = useBytes(source instanceof Blob ? source : undefined);
  const [isBroken, setBroken] = useState(false);
  const Media = kind;
  const address = typeof source === "string" ? { src: source } : {};
  if (error) return <p className={styles.none}>{wordsOf(error)}</p>;
  if (isBroken) return <Unplayable />;
  return (
    <div className={styles.picture}>
      {source !== undefined && (
        <Media ref={showBytes} controls aria-label={`Play ${file.name}`} onError={() => setBroken(true)} {...address} />
      )}
    </div>
  );
}

function Unplayable() {
  return (
    <p className={styles.none}>
      <FileX2 size={32} aria-hidden />
      This browser cannot play it.
    </p>
  );
}

/** Where a player finds the bytes: at the server; of a user, here, since a token in an address ends soon. */
function useSource({ id }: File) {
  const isUser = useSession(({ session }) => session !== null);
  return useQuery({
    queryKey: ["content", id, isUser],
    queryFn: ({ signal }): Promise<Blob | string> =>
      isUser ? readContent(id, signal) : api.address("getFileContent", { file_id: id }),
    staleTime: Infinity,
  });
}

async function readContent(file_id: string, signal: AbortSignal): Promise<Blob | string> {
  return (await api.getFileContent({ file_id, signal })) as Blob;
}
