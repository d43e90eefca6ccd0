import type { LucideIcon } from "lucide-react";
import type { ReactNode } from "react";

import styles from "./room.module.css";

interface RoomProps {
  readonly title: string;
  /** How much there is in it, in words; nothing while that is not known. */
  readonly amount: string | undefined;
  /** What can be done in it, beside its title. */
  readonly actions?: ReactNode;
  readonly children: ReactNode;
}

/** A room with its title: one margin and one head for all of them. */
export function Room({ title, amount, actions, children }: RoomProps) {
  return (
    <div className={styles.room}>
      <header className={styles.head}>
        <div>
          <h1>{title}</h1>
          <p className={styles.soft} role="status">
            {amount ?? "…"}
          </p>
        </div>
        {actions && <div className={styles.actions}>{actions}</div>}
      </header>
      {children}
    </div>
  );
}

interface NothingProps {
  readonly icon: LucideIcon;
  readonly title: string;
  /** What to do about it. */
  readonly children: ReactNode;
}

/** What is seen where a room has nothing to show. */
export function Nothing({ icon: Icon, title, children }: NothingProps) {
  return (
    <section className={styles.nothing}>
      <Icon size={32} aria-hidden />
      <h2>{title}</h2>
      {children}
    </section>
  );
}
