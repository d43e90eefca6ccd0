import { useState } from "react";

import { useNodeTypes } from "../api/node-types.ts";
import { add } from "./bending.ts";
import { Deeds } from "./deeds.tsx";
import { BLANK, type FaultDraft, type FaultKind, type StreamEffect, toFault } from "./fault.ts";
import { SelectField, TextField } from "./field.tsx";
import { Fields } from "./section.tsx";

const KINDS: readonly (readonly [FaultKind, string])[] = [
  ["request", "Requests"],
  ["node", "Nodes"],
  ["stream", "Streams of events"],
];

const METHODS = ["GET", "POST", "PUT", "PATCH", "DELETE", "HEAD"];

const ANSWERS: readonly (readonly [FaultDraft["answer"], string])[] = [
  ["error", "an error"],
  ["none", "the usual answer, late"],
  ["reset", "connection reset"],
  ["empty", "connection ends, no answer"],
  ["truncate", "half an answer"],
  ["hang", "no answer at all"],
];

const DELAYS: readonly (readonly [FaultDraft["delay"], string])[] = [
  ["none", "none"],
  ["fixed", "always the same"],
  ["between", "between two"],
  ["lognormal", "as real services"],
];

const STREAM_EFFECTS: readonly (readonly [StreamEffect, string])[] = [
  ["drop_after", "breaks after an event"],
  ["stall_after", "is silent after an event"],
  ["duplicate", "tells an event twice"],
  ["swap", "swaps an event and the next"],
  ["delay", "is late from an event on"],
  ["refuse_reconnect", "refuses who comes back"],
  ["omit_final", "leaves the last event out"],
];

interface PartProps {
  readonly draft: FaultDraft;
  set(part: Partial<FaultDraft>): void;
}

const PARTS = { request: RequestPart, node: NodePart, stream: StreamPart };

/** A form for any rule. */
export function FaultForm() {
  const [draft, setDraft] = useState(BLANK);
  const set = (part: Partial<FaultDraft>) => setDraft({ ...draft, ...part });
  const Part = PARTS[draft.kind];
  return (
    <Deeds about="rule of your own" deeds={[add(toFault(draft))]}>
      <SelectField label="About" value={draft.kind} options={KINDS} onChange={(kind) => set({ kind })} />
      <Part draft={draft} set={set} />
      <Share draft={draft} set={set} />
    </Deeds>
  );
}

function Matched({ draft, set }: PartProps) {
  return (
    <Fields>
      <SelectField
        label="Method"
        value={draft.method}
        options={[["", "any"], ...METHODS.map((method) => [method, method] as const)]}
        onChange={(method) => set({ method })}
      />
      <TextField label="Path" placeholder="/api/**" value={draft.path} onChange={(path) => set({ path })} />
    </Fields>
  );
}

function RequestPart({ draft, set }: PartProps) {
  const { answer, status, code } = draft;
  return (
    <>
      <Matched draft={draft} set={set} />
      <SelectField label="Answer" value={answer} options={ANSWERS} onChange={(next) => set(answered(draft, next))} />
      {answer === "error" && (
        <Fields>
          <TextField
            label="Status"
            {...{ type: "number", min: 400, max: 599, required: code === "" }}
            value={status}
            onChange={(next) => set({ status: next })}
          />
          <TextField label="Code" placeholder="as the status" value={code} onChange={(next) => set({ code: next })} />
        </Fields>
      )}
      <DelayPart draft={draft} set={set} />
    </>
  );
}

/** An answer that is only late has a delay. */
function answered({ delay }: FaultDraft, answer: FaultDraft["answer"]): Partial<FaultDraft> {
  return answer === "none" && delay === "none" ? { answer, delay: "between" } : { answer };
}

function DelayPart({ draft, set }: PartProps) {
  const { delay, delayFirst, delaySecond } = draft;
  const [first, second] = {
    none: [],
    fixed: ["Milliseconds"],
    between: ["At least (ms)", "At most (ms)"],
    lognormal: ["Median (ms)", "Sigma"],
  }[delay];
  const setDelay = (next: FaultDraft["delay"]) =>
    set({
      delay: next,
      ...(next === "lognormal" && { delaySecond: "0.5" }),
      ...(next === "between" && { delaySecond: "2000" }),
    });
  return (
    <>
      <SelectField
        label="Delay"
        value={delay}
        options={draft.answer === "none" ? DELAYS.slice(1) : DELAYS}
        onChange={setDelay}
      />
      {first && (
        <Fields>
          <NumberField label={first} value={delayFirst} onChange={(next) => set({ delayFirst: next })} />
          {second && <NumberField label={second} value={delaySecond} onChange={(next) => set({ delaySecond: next })} />}
        </Fields>
      )}
    </>
  );
}

function NodePart({ draft, set }: PartProps) {
  const types = [...useNodeTypes().keys()];
  return (
    <>
      <Fields>
        <TextField
          label="Node type"
          placeholder="any"
          value={draft.node_type}
          choices={types}
          onChange={(node_type) => set({ node_type })}
        />
        <TextField label="Node" placeholder="any" value={draft.node_id} onChange={(node_id) => set({ node_id })} />
      </Fields>
      <TextField
        label="Error"
        required={draft.duration === ""}
        value={draft.error}
        onChange={(error) => set({ error })}
      />
      <Fields>
        <TextField
          label="Failing attempts"
          {...{ type: "number", min: 1, placeholder: "all" }}
          value={draft.failAttempts}
          onChange={(failAttempts) => set({ failAttempts })}
        />
        <TextField
          label="Takes (ms)"
          {...{ type: "number", min: 0, placeholder: "as usual" }}
          value={draft.duration}
          onChange={(duration) => set({ duration })}
        />
      </Fields>
    </>
  );
}

function StreamPart({ draft, set }: PartProps) {
  const { effect, at, late } = draft;
  const setEffect = (next: StreamEffect) => set({ effect: next, at: next === "refuse_reconnect" ? "503" : "5" });
  return (
    <>
      <Matched draft={draft} set={set} />
      <SelectField label="The stream" value={effect} options={STREAM_EFFECTS} onChange={setEffect} />
      <Fields>
        {effect !== "omit_final" && (
          <NumberField
            label={effect === "refuse_reconnect" ? "With status" : "Event"}
            value={at}
            onChange={(next) => set({ at: next })}
          />
        )}
        {effect === "delay" && (
          <NumberField label="Late by (ms)" value={late} onChange={(next) => set({ late: next })} />
        )}
      </Fields>
    </>
  );
}

function Share({ draft, set }: PartProps) {
  return (
    <>
      <Fields>
        <TextField
          label="At most times"
          {...{ type: "number", min: 1, placeholder: "always" }}
          value={draft.times}
          onChange={(times) => set({ times })}
        />
        <TextField
          label="In % of cases"
          {...{ type: "number", min: 0, max: 100, step: "any", placeholder: "100" }}
          value={draft.probability}
          onChange={(probability) => set({ probability })}
        />
      </Fields>
      <Fields>
        <TextField
          label="Only numbers"
          {...{
            placeholder: "2, 5",
            pattern: " *[1-9][0-9]*( *, *[1-9][0-9]*)* *",
            title: "Numbers with commas between them",
          }}
          value={draft.nth}
          onChange={(nth) => set({ nth })}
        />
        <TextField label="Name" placeholder="rule_1" value={draft.id} onChange={(id) => set({ id })} />
      </Fields>
    </>
  );
}

interface NumberFieldProps {
  readonly label: string;
  readonly value: string;
  onChange(value: string): void;
}

function NumberField(props: NumberFieldProps) {
  return <TextField {...props} type="number" min="0" step="any" required />;
}
