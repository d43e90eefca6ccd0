import { X } from "lucide-react";
import { type ReactNode, useEffect, useId, useRef } from "react";

import { Button } from "./button.tsx";
import styles from "./dialog.module.css";

interface DialogProps {
  readonly title: string;
  readonly children: ReactNode;
  readonly actions?: ReactNode;
  readonly isWide?: boolean;
  onClose(): void;
}

/** A dialog that holds the keyboard until it is closed. It is open as long as it is there. */
export function Dialog({ title, children, actions, isWide = false, onClose }: DialogProps) {
  const dialog = useRef<HTMLDialogElement>(null);
  const before = useRef<Element>(null);
  const titleId = useId();
  useEffect(() => {
    before.current ??= document.activeElement;
    dialog.current?.showModal();
    return () => goBack(before.current);
  }, []);
  return (
    <dialog
      ref={dialog}
      className={`${styles.dialog} ${isWide ? styles.wide : ""}`}
      aria-labelledby={titleId}
      onClose={onClose}
    >
      <header className={styles.head}>
        <h2 id={titleId}>{title}</h2>
        <Button icon={X} look="quiet" isIconOnly onClick={() => dialog.current?.close()}>
          Close
        </Button>
      </header>
      <div className={styles.body}>{children}</div>
      {actions && <footer className={styles.actions}>{actions}</footer>}
    </dialog>
  );
}

/** Give the keyboard back to what had it before, or to the content if that is gone; it is never left with nothing. */
function goBack(before: Element | null): void {
  if (document.activeElement !== document.body) return;
  const isThere = before instanceof HTMLElement && before !== document.body && before.isConnected;
  const home = isThere ? before : document.getElementById("main");
  home?.focus({ preventScroll: true });
}
