import type { ReactNode } from "react";

import styles from "./part.module.css";

interface PartProps {
  readonly title: string;
  readonly children: ReactNode;
}

/** A part of what a panel tells. */
export function Part({ title, children }: PartProps) {
  return (
    <section className={styles.part} aria-label={title}>
      <h3>{title}</h3>
      {children}
    </section>
  );
}

/** Words where there is no data. */
export function Hint({ children }: { readonly children: ReactNode }) {
  return <p className={styles.hint}>{children}</p>;
}
