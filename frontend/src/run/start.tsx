import { useId, useState } from "react";

import { Button } from "../parts/button.tsx";
import { Dialog } from "../parts/dialog.tsx";
import type { Start } from "./commands.ts";
import styles from "./controls.module.css";
import { useNames } from "./names.ts";

interface Draft {
  readonly input: string;
  readonly seed: string;
  readonly from: string;
  readonly to: string;
  readonly hold: boolean;
}

const EMPTY: Draft = { input: "", seed: "", from: "", to: "", hold: false };
/** What was filled in last, by workflow, as long as the page lives. */
const drafts = new Map<string, Draft>();

interface StartDialogProps {
  readonly workflowId: string;
  onStart(how: Start): void;
  onClose(): void;
}

/** Asks how a workflow is to be run: with which input, from where to where, with which luck. */
export default function StartDialog({ workflowId, onStart, onClose }: StartDialogProps) {
  const [draft, setDraft] = useState(drafts.get(workflowId) ?? EMPTY);
  const change = (part: Partial<Draft>) => setDraft({ ...draft, ...part });
  const input = read(draft.input);
  const form = useId();
  function submit(event: { preventDefault(): void }): void {
    event.preventDefault();
    if (input === undefined) return;
    drafts.set(workflowId, draft);
    onStart(startOf(draft, input.value));
    onClose();
  }
  return (
    <Dialog title="Run with …" onClose={onClose} actions={<Actions form={form} onCancel={onClose} />}>
      <form id={form} className={styles.form} onSubmit={submit}>
        <label className={styles.field}>
          Input (JSON)
          <textarea
            value={draft.input}
            spellCheck={false}
            placeholder="{}"
            aria-invalid={input === undefined}
            onChange={({ target }) => change({ input: target.value })}
          />
          {input === undefined && (
            <span className={styles.wrong} role="alert">
              This is no JSON yet.
            </span>
          )}
          <small>Empty: a manual trigger gives its sample.</small>
        </label>
        <div className={styles.pair}>
          <NodeField label="Start at" none="The beginning" value={draft.from} onChange={(from) => change({ from })} />
          <NodeField label="End with" none="The end" value={draft.to} onChange={(to) => change({ to })} />
        </div>
        <label className={styles.field}>
          Seed
          <input
            type="number"
            min={0}
            step={1}
            value={draft.seed}
            placeholder="Random"
            onChange={({ target }) => change({ seed: target.value })}
          />
          <small>The same seed gives the same durations, failures and values.</small>
        </label>
        <label className={styles.check}>
          <input type="checkbox" checked={draft.hold} onChange={({ target }) => change({ hold: target.checked })} />
          Hold it at the start until it is released
        </label>
      </form>
    </Dialog>
  );
}

function Actions({ form, onCancel }: { readonly form: string; onCancel(): void }) {
  return (
    <>
      <Button onClick={onCancel}>Cancel</Button>
      <Button look="main" type="submit" form={form}>
        Run
      </Button>
    </>
  );
}

interface NodeFieldProps {
  readonly label: string;
  readonly none: string;
  readonly value: string;
  onChange(nodeId: string): void;
}

function NodeField({ label, none, value, onChange }: NodeFieldProps) {
  const names = useNames();
  return (
    <label className={styles.field}>
      {label}
      <select value={names.has(value) ? value : ""} onChange={({ target }) => onChange(target.value)}>
        <option value="">{none}</option>
        {[...names].map(([id, name]) => (
          <option key={id} value={id}>
            {name}
          </option>
        ))}
      </select>
    </label>
  );
}

/** What JSON says; nothing if it is none. */
function read(text: string): { readonly value: unknown } | undefined {
  if (text.trim() === "") return { value: undefined };
  try {
    return { value: JSON.parse(text) as unknown };
  } catch {
    return undefined;
  }
}

function startOf({ seed, from, to, hold }: Draft, input: unknown): Start {
  return {
    ...(input !== undefined && { input }),
    ...(seed !== "" && { seed: Number(seed) }),
    ...(from !== "" && { start_node: from }),
    ...(to !== "" && { stop_node: to }),
    ...(hold && { hold }),
  };
}
