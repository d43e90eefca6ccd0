import { useState } from "react";

import { ChoiceControl, NumberControl } from "./form/controls.tsx";
import { Member } from "./form/member.tsx";
import type { ChangeData, NodeData } from "./settings.tsx";
import styles from "./settings.module.css";

interface BehaviourProps {
  readonly data: NodeData;
  readonly onChange: ChangeData;
}

const ON_ERROR = { enum: ["stop", "continue", "error_port"] };
const BACKOFF = { enum: ["fixed", "exponential"] };

/** What follows if a node fails: how often it is tried, for how long, and what then. */
export function Behaviour({ data, onChange }: BehaviourProps) {
  const retry = (data["retry"] ?? {}) as NodeData;
  function again(change: NodeData, field: string) {
    const next = Object.entries({ ...retry, ...change }).filter(([, value]) => value !== undefined);
    onChange({ retry: next.length ? Object.fromEntries(next) : undefined }, field);
  }
  return (
    <details className={styles.section}>
      <summary>If it fails</summary>
      <Member
        label="After the last attempt"
        help="stop: the execution fails, too. continue: the input goes on. error_port: the error leaves by its own port."
        value={data["on_error"] ?? "stop"}
        schema={ON_ERROR}
        as={ChoiceControl}
        onChange={(on_error) => onChange({ on_error }, "on_error")}
      />
      <Quantity
        label="Attempts"
        help="The first among them."
        value={retry["max_attempts"]}
        isFit={(value) => Number.isInteger(value) && value >= 1 && value <= 100}
        rule="A whole number from 1 to 100."
        onChange={(max_attempts) => again({ max_attempts }, "attempts")}
      />
      <Quantity
        label="Delay before the next (ms)"
        value={retry["delay_ms"]}
        isFit={(value) => value >= 0}
        rule="A number from 0 on."
        onChange={(delay_ms) => again({ delay_ms }, "delay")}
      />
      <Member
        label="Delays grow"
        help="fixed: never. exponential: twice as long each time."
        value={retry["backoff"] ?? "fixed"}
        schema={BACKOFF}
        as={ChoiceControl}
        onChange={(backoff) => again({ backoff }, "backoff")}
      />
      <Quantity
        label="Timeout (ms)"
        help="After so long an attempt fails; empty: never."
        value={data["timeout_ms"]}
        isFit={(value) => value > 0}
        rule="A number above 0."
        onChange={(timeout_ms) => onChange({ timeout_ms }, "timeout")}
      />
    </details>
  );
}

interface QuantityProps {
  readonly label: string;
  readonly help?: string;
  readonly value: unknown;
  readonly rule: string;
  isFit(value: number): boolean;
  onChange(value: number | undefined): void;
}

/** A number that the server insists on: what is none stays in the field, and is not kept. */
export function Quantity({ value, rule, isFit, onChange, ...others }: QuantityProps) {
  const [isWrong, setWrong] = useState(false);
  function change(next: unknown) {
    const isKept = next === undefined || (typeof next === "number" && isFit(next));
    setWrong(!isKept);
    if (isKept) onChange(next as number | undefined);
  }
  return (
    <Member
      {...others}
      value={value ?? undefined}
      fault={isWrong ? `${rule} This is not saved.` : undefined}
      as={NumberControl}
      onChange={change}
    />
  );
}
