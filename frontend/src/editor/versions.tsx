import { useQuery } from "@tanstack/react-query";
import { RotateCcw } from "lucide-react";
import type { Data } from "understudy-client";

import { api } from "../api/client.ts";
import { countOf, dayAndTimeOf } from "../parts/amounts.ts";
import { Button } from "../parts/button.tsx";
import { Dialog } from "../parts/dialog.tsx";
import { notify, notifyOf, wordsOf } from "../parts/notices.tsx";
import { useSaved, useSaver } from "./saving.ts";
import { useEditing, useEditor } from "./store.ts";
import styles from "./title.module.css";

type Version = Data<"listVersions">["items"][number];

/** A dialog with the earlier versions of a workflow, each of which can be restored. */
export default function Versions({ onClose }: { onClose(): void }) {
  const { id, revision } = useEditing(({ saved }) => saved);
  const { data, error } = useQuery({
    queryKey: ["versions", id, revision],
    queryFn: async ({ signal }) => (await api.listVersions({ workflow_id: id, signal })).items,
  });
  const restore = useRestore(onClose);
  return (
    <Dialog title="Versions" onClose={onClose}>
      {error && <p>{wordsOf(error)}</p>}
      {!data && !error && <p className={styles.soft}>Looking for versions …</p>}
      <ul className={styles.versions}>
        {data?.map((version) => (
          <li key={version.revision} className={styles.version}>
            <About version={version} />
            {version.is_current ? (
              <span className={styles.soft}>This one is open</span>
            ) : (
              <Button icon={RotateCcw} onClick={() => void restore(version.revision)}>
                {`Restore ${version.revision}`}
              </Button>
            )}
          </li>
        ))}
      </ul>
    </Dialog>
  );
}

function About({ version }: { readonly version: Version }) {
  const { revision, label, created_at, saved_by, node_count, restored_from } = version;
  return (
    <div>
      <div>
        Revision {revision}
        {label && `: ${label}`}
      </div>
      <div className={styles.soft}>
        {dayAndTimeOf(created_at)} by {saved_by.name}, {countOf(node_count, "node")}
        {restored_from !== null && `, restored from ${restored_from}`}
      </div>
    </div>
  );
}

/** Put an earlier version in the place of what is open; undo brings that back. */
function useRestore(onDone: () => void): (revision: number) => Promise<void> {
  const store = useEditor();
  const saver = useSaver();
  const save = useSaved();
  return async (revision) => {
    try {
      if (!(await save("Nothing was restored"))) return;
      const { saved, etag } = store.getState();
      const restoring = { workflow_id: saved.id, version: String(revision), headers: { "If-Match": etag } };
      const { data, response } = await api.restoreVersion(restoring).withResponse();
      saver.take({ workflow: data, etag: response.headers.get("ETag") ?? "" }, "undoable");
      notify(`Revision ${revision} is restored.`);
      onDone();
    } catch (error) {
      notifyOf(error);
    }
  };
}
