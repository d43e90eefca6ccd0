import { Check, CloudOff, LoaderCircle, type LucideIcon, PenLine, TriangleAlert } from "lucide-react";

import { wordsOf } from "../parts/notices.tsx";
import type { Saving } from "./saver.ts";
import { useSaver, useSaving } from "./saving.ts";
import styles from "./title.module.css";

const WORDS: Readonly<Record<Saving["state"], string>> = {
  saved: "Saved",
  unsaved: "Unsaved",
  saving: "Saving …",
  offline: "Offline",
  refused: "Not saved",
  conflict: "Conflict",
  gone: "Deleted",
};

const ICONS: Readonly<Record<Saving["state"], LucideIcon>> = {
  saved: Check,
  unsaved: PenLine,
  saving: LoaderCircle,
  offline: CloudOff,
  refused: TriangleAlert,
  conflict: TriangleAlert,
  gone: TriangleAlert,
};

/** Whether what is drawn is saved, in a word; where it is not, a click tries it now. */
export function SavingState() {
  const saving = useSaving();
  const saver = useSaver();
  const { state } = saving;
  const Icon = ICONS[state];
  const why = "reason" in saving ? wordsOf(saving.reason) : undefined;
  const words = (
    <>
      <Icon size={14} aria-hidden />
      <span>{WORDS[state]}</span>
    </>
  );
  if (state !== "offline" && state !== "refused" && state !== "unsaved")
    return (
      <span className={styles.saving} data-state={state} role="status" aria-label="Saving">
        {words}
      </span>
    );
  return (
    <span role="status" aria-label="Saving">
      <button
        type="button"
        className={styles.saving}
        data-state={state}
        title={why ? `${why} Click to try again.` : "Save now"}
        onClick={() => void saver.flush()}
      >
        {words}
      </button>
    </span>
  );
}
