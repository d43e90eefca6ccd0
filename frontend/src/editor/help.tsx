import { Dialog } from "../parts/dialog.tsx";
import styles from "./help.module.css";
import { SHORTCUTS } from "./keys.ts";

const SIGNS: Readonly<Record<string, string>> = {
  Mod: /Mac|iPhone|iPad/.test(navigator.userAgent) ? "⌘" : "Ctrl",
  ArrowLeft: "←",
  ArrowRight: "→",
  ArrowUp: "↑",
  ArrowDown: "↓",
};

/** All shortcuts of the editor. */
export default function Help({ onClose }: { onClose(): void }) {
  return (
    <Dialog title="Keyboard shortcuts" isWide onClose={onClose}>
      <div className={styles.parts}>
        {SHORTCUTS.map(({ title, shortcuts }) => (
          <section key={title}>
            <h3>{title}</h3>
            <dl className={styles.list}>
              {shortcuts.map(({ keys, does }) => (
                <div key={does}>
                  <dt>{does}</dt>
                  <dd>
                    {keys.map((key) => (
                      <Keys key={key} keys={key} />
                    ))}
                  </dd>
                </div>
              ))}
            </dl>
          </section>
        ))}
      </div>
    </Dialog>
  );
}

function Keys({ keys }: { readonly keys: string }) {
  const parts = keys === "+" ? [keys] : keys.split("+");
  return <kbd className={styles.keys}>{parts.map((part) => SIGNS[part] ?? part).join(" ")}</kbd>;
}
