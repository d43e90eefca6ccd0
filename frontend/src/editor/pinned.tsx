import { useState } from "react";

import { Quantity } from "./behaviour.tsx";
import { ExpressionControl, LinesControl, SwitchControl } from "./form/controls.tsx";
import { Member } from "./form/member.tsx";
import { parsed } from "./form/text.ts";
import type { ChangeData, NodeData } from "./settings.tsx";
import styles from "./settings.module.css";

interface PinnedProps {
  readonly data: NodeData;
  readonly onChange: ChangeData;
}

/** What a node is pinned to do in the place of its work. */
export function Pinned({ data, onChange }: PinnedProps) {
  const mock = (data["mock"] ?? {}) as NodeData;
  function pin(change: NodeData, field: string) {
    const next = Object.entries({ ...mock, ...change }).filter(([, value]) => value !== undefined);
    onChange({ mock: next.length ? Object.fromEntries(next) : undefined }, `mock ${field}`);
  }
  return (
    <details className={styles.section}>
      <summary>Pinned result{data["mock"] ? " (on)" : ""}</summary>
      <p className={styles.soft}>
        What the node gives without doing its work. Empty: it works. Wherever it shows, it is marked as mocked.
      </p>
      <Output value={mock["output"]} onChange={(output) => pin({ output }, "output")} />
      <Quantity
        label="Duration (ms)"
        value={mock["duration_ms"]}
        isFit={(value) => value >= 0}
        rule="A number from 0 on."
        onChange={(duration_ms) => pin({ duration_ms }, "duration")}
      />
      <Member
        label="Fails with"
        help="What its error says."
        value={messageOf(mock["error"])}
        as={LinesControl}
        onChange={(message) => pin({ error: errorOf(mock["error"], String(message)) }, "error")}
      />
      <Quantity
        label="Attempts that fail"
        help="Empty: all, if it fails at all."
        value={mock["fail_attempts"]}
        isFit={(value) => Number.isInteger(value) && value >= 0 && value <= 1_000_000}
        rule="A whole number from 0 on."
        onChange={(fail_attempts) => pin({ fail_attempts }, "attempts")}
      />
      <Member
        label="Skip it"
        value={mock["skip"]}
        as={SwitchControl}
        onChange={(skip) => pin({ skip: skip || undefined }, "skip")}
      />
    </details>
  );
}

interface OutputProps {
  readonly value: unknown;
  onChange(value: unknown): void;
}

/** The output as JSON; what is none stays in the field, and is not kept. */
function Output({ value, onChange }: OutputProps) {
  const [typed, setTyped] = useState<string>();
  const isWrong = typed !== undefined && typed.trim() !== "" && !parsed(typed);
  function change(text: unknown) {
    setTyped(String(text));
    const found = parsed(String(text));
    if (found) onChange(found.value);
    else if (String(text).trim() === "") onChange(undefined);
  }
  const isSame = typed !== undefined && (isWrong || JSON.stringify(parsed(typed)?.value) === JSON.stringify(value));
  return (
    <Member
      label="Output (JSON)"
      help="By port if all its members are named like ports, else by the first."
      value={isSame ? typed : value === undefined ? "" : JSON.stringify(value, null, 2)}
      fault={isWrong ? "This is no JSON yet, so it is not saved." : undefined}
      as={ExpressionControl}
      onChange={change}
    />
  );
}

function messageOf(error: unknown): string {
  if (typeof error === "object" && error !== null) return String((error as NodeData)["message"] ?? "");
  return typeof error === "string" ? error : "";
}

function errorOf(before: unknown, message: string): unknown {
  if (typeof before === "object" && before !== null) return { ...before, message };
  return message === "" ? undefined : message;
}
