import { RefreshCw } from "lucide-react";
import { type ReactNode, useId } from "react";

import { queries } from "../api/queries.ts";
import { Button } from "../parts/button.tsx";
import { wordsOf } from "../parts/notices.tsx";
import styles from "./section.module.css";

interface SectionProps {
  readonly title: string;
  /** What of the control API can be read again by a button. */
  readonly refreshes?: string;
  readonly children: ReactNode;
}

/** A piece of the panel under a heading. */
export function Section({ title, refreshes, children }: SectionProps) {
  const id = useId();
  return (
    <section className={styles.section} aria-labelledby={id}>
      <div className={styles.head}>
        <h3 id={id}>{title}</h3>
        {refreshes !== undefined && (
          <Button
            icon={RefreshCw}
            look="quiet"
            isIconOnly
            onClick={() => void queries.invalidateQueries({ queryKey: ["control", refreshes] })}
          >
            Refresh
          </Button>
        )}
      </div>
      {children}
    </section>
  );
}

/** Quiet words, such as a hint or that there is nothing. */
export function Soft({ children }: { readonly children: ReactNode }) {
  return <p className={styles.soft}>{children}</p>;
}

/** Fields side by side. */
export function Fields({ children }: { readonly children: ReactNode }) {
  return <div className={styles.fields}>{children}</div>;
}

/** A list of cards; while there are none, what to do about it, or why they cannot be shown. */
export function Cards(props: {
  readonly error: Error | null;
  readonly empty: string;
  readonly children: ReactNode[] | undefined;
}) {
  const { error, empty, children } = props;
  if (error) return <Soft>{wordsOf(error)}</Soft>;
  if (!children) return <Soft>Loading …</Soft>;
  if (!children.length) return <Soft>{empty}</Soft>;
  return <ul className={styles.list}>{children}</ul>;
}

/** One thing of a list. */
export function Card({ label, children }: { readonly label: string; readonly children: ReactNode }) {
  return (
    <li className={styles.card} aria-label={label}>
      {children}
    </li>
  );
}
