import { Check, RotateCcw, TriangleAlert, X } from "lucide-react";

import { bytesOf } from "../parts/amounts.ts";
import { Button } from "../parts/button.tsx";
import styles from "./upload-list.module.css";
import { dismiss, dismissDone, retry, type Upload, useUploads } from "./uploads.ts";

/** The files that are on their way, that have arrived, and that have not. */
export function UploadList() {
  const { uploads } = useUploads();
  if (!uploads.length) return null;
  const done = uploads.filter(({ state }) => state === "done").length;
  return (
    <section className={styles.uploads} aria-label="Uploads">
      <header className={styles.head}>
        <p role="status">{`${done} of ${uploads.length} uploaded`}</p>
        <Button look="quiet" disabled={!done} onClick={dismissDone}>
          Clear uploaded
        </Button>
      </header>
      <ul className={styles.list}>
        {uploads.map((upload) => (
          <Row key={upload.id} upload={upload} />
        ))}
      </ul>
    </section>
  );
}

function Row({ upload: { id, file, state, part, words } }: { readonly upload: Upload }) {
  const isOver = state === "done" || state === "failed";
  return (
    <li className={styles.row} data-state={state}>
      <span className={styles.name} title={file.name}>
        {file.name}
      </span>
      <span className={styles.said}>
        <Said state={state} part={part} size={file.size} />
      </span>
      <span className={styles.actions}>
        {state === "failed" && (
          <Button icon={RotateCcw} look="quiet" isIconOnly onClick={() => retry(id)}>
            {`Try ${file.name} again`}
          </Button>
        )}
        <Button icon={X} look="quiet" isIconOnly onClick={() => dismiss(id)}>
          {isOver ? `Remove ${file.name} from the list` : `Cancel ${file.name}`}
        </Button>
      </span>
      {state === "failed" ? (
        <p className={styles.words}>{words}</p>
      ) : (
        <progress className={styles.bar} max={1} value={part} aria-label={`Upload of ${file.name}`} />
      )}
    </li>
  );
}

/** How far it is, in words: all sent is not yet taken. */
function Said({
  state,
  part,
  size,
}: {
  readonly state: Upload["state"];
  readonly part: number;
  readonly size: number;
}) {
  if (state === "waiting") return "Waiting";
  if (state === "done")
    return (
      <>
        <Check size={14} aria-hidden /> Uploaded
      </>
    );
  if (state === "failed")
    return (
      <>
        <TriangleAlert size={14} aria-hidden /> Failed
      </>
    );
  return part < 1 ? `${Math.floor(part * 100)} % of ${bytesOf(size)}` : "Being read";
}
