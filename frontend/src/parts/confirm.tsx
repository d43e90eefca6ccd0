import type { LucideIcon } from "lucide-react";
import { type ReactNode, useState } from "react";

import { Button } from "./button.tsx";
import styles from "./confirm.module.css";
import { Dialog } from "./dialog.tsx";
import { wordsOf } from "./notices.tsx";

interface ConfirmProps {
  readonly title: string;
  /** What is lost by it. */
  readonly children: ReactNode;
  /** What the button says. */
  readonly action: string;
  readonly icon?: LucideIcon;
  readonly look?: "main" | "danger";
  /** Do it. A refusal is said in the dialog, which stays then; else the caller takes it away. */
  onConfirm(): Promise<void>;
  onClose(): void;
}

/** Asks before something is done that cannot be undone. */
export function Confirm({ title, children, action, icon, look = "danger", onConfirm, onClose }: ConfirmProps) {
  const [isBusy, setBusy] = useState(false);
  const [refusal, setRefusal] = useState<string>();
  async function confirm(): Promise<void> {
    setBusy(true);
    setRefusal(undefined);
    try {
      await onConfirm();
    } catch (error) {
      setRefusal(wordsOf(error));
    }
    setBusy(false);
  }
  const actions = (
    <>
      <Button onClick={onClose}>Cancel</Button>
      <Button look={look} disabled={isBusy} onClick={() => void confirm()} {...(icon && { icon })}>
        {action}
      </Button>
    </>
  );
  return (
    <Dialog title={title} actions={actions} onClose={onClose}>
      <div className={styles.text}>{children}</div>
      {refusal !== undefined && (
        <p className={styles.refusal} role="alert">
          {refusal}
        </p>
      )}
    </Dialog>
  );
}
