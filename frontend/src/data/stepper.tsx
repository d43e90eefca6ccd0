import { ChevronLeft, ChevronRight } from "lucide-react";
import type { ChangeEvent } from "react";

import { Button } from "../parts/button.tsx";
import styles from "./stepper.module.css";

interface StepperProps {
  /** What there are several of: `Iteration`. */
  readonly label: string;
  /** Which one is shown, from 0. */
  readonly at: number;
  readonly count: number;
  onChange(at: number): void;
}

/** One of several that came one after another. */
export function Stepper({ label, at, count, onChange }: StepperProps) {
  function type(event: ChangeEvent<HTMLInputElement>) {
    const typed = event.target.valueAsNumber;
    if (Number.isInteger(typed)) onChange(Math.min(Math.max(typed, 1), count) - 1);
  }
  const name = label.toLowerCase();
  return (
    <div className={styles.stepper} role="group" aria-label={label}>
      <Button icon={ChevronLeft} look="quiet" isIconOnly disabled={at === 0} onClick={() => onChange(at - 1)}>
        {`Previous ${name}`}
      </Button>
      <label className={styles.label}>
        {label}
        <input className={styles.number} type="number" min={1} max={count} value={at + 1} onChange={type} />
      </label>
      <span>{`of ${count}`}</span>
      <Button icon={ChevronRight} look="quiet" isIconOnly disabled={at >= count - 1} onClick={() => onChange(at + 1)}>
        {`Next ${name}`}
      </Button>
    </div>
  );
}
