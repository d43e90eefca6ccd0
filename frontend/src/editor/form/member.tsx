import { type ComponentType, useId } from "react";

import { type ControlProps, SwitchControl } from "./controls.tsx";
import styles from "./form.module.css";
import type { Schema } from "./shape.ts";

interface MemberProps {
  readonly label: string;
  readonly help?: string;
  /** Why the value cannot be. */
  readonly fault?: string | undefined;
  readonly value: unknown;
  readonly schema?: Schema;
  readonly as: ComponentType<ControlProps>;
  onChange(value: unknown): void;
}

/** A field that no schema describes: its name, its control, its help. */
export function Member({ label, help, fault, value, schema = {}, as: Control, onChange }: MemberProps) {
  const id = useId();
  return (
    <div className={Control === SwitchControl ? styles.row : styles.field}>
      <label id={`${id}__label`} htmlFor={id} className={styles.label}>
        {label}
      </label>
      <Control id={id} value={value} schema={schema} isWrong={fault !== undefined} onChange={onChange} />
      <div id={`${id}__about`} className={styles.about}>
        {help && <p className={styles.soft}>{help}</p>}
        {fault && <p className={styles.wrong}>{fault}</p>}
      </div>
    </div>
  );
}
