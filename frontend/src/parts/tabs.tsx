import { type KeyboardEvent, type ReactNode, useId } from "react";

import styles from "./tabs.module.css";

/** One of several panels, of which one is seen. */
export interface Tab<Name extends string> {
  readonly name: Name;
  readonly label: ReactNode;
}

interface TabsProps<Name extends string> {
  readonly label: string;
  readonly tabs: readonly Tab<Name>[];
  readonly current: NoInfer<Name>;
  readonly children: ReactNode;
  onChange(name: NoInfer<Name>): void;
}

/** Tabs above the panel that is seen; the arrow keys, Home and End go from one to another. */
export function Tabs<Name extends string>({ label, tabs, current, children, onChange }: TabsProps<Name>) {
  const id = useId();
  function goOn(event: KeyboardEvent<HTMLDivElement>) {
    const at = tabs.findIndex((tab) => tab.name === current);
    const to = { ArrowRight: at + 1, ArrowLeft: at - 1, Home: 0, End: -1 }[event.key];
    if (to === undefined) return;
    event.preventDefault();
    const next = tabs.at(to % tabs.length)!;
    onChange(next.name);
    document.getElementById(`${id}-${next.name}`)?.focus();
  }
  return (
    <div className={styles.tabs}>
      <div className={styles.list} role="tablist" aria-label={label} onKeyDown={goOn}>
        {tabs.map((tab) => (
          <button
            key={tab.name}
            id={`${id}-${tab.name}`}
            type="button"
            role="tab"
            className={styles.tab}
            aria-selected={tab.name === current}
            aria-controls={`${id}-panel`}
            tabIndex={tab.name === current ? 0 : -1}
            onClick={() => onChange(tab.name)}
          >
            {tab.label}
          </button>
        ))}
      </div>
      <div
        id={`${id}-panel`}
        className={styles.panel}
        role="tabpanel"
        aria-labelledby={`${id}-${current}`}
        tabIndex={0}
      >
        {children}
      </div>
    </div>
  );
}
