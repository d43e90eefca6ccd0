import type { Beginning } from "understudy-client";

import { SelectField, TextField } from "./field.tsx";
import { momentIn } from "./moment.ts";
import { PACES } from "./pace.tsx";
import { useScenarios } from "./reading.ts";
import { Fields } from "./section.tsx";
import { numberIn } from "./text.ts";

/** How a sandbox begins, as its form has it. */
export interface BeginningDraft {
  readonly scenario: string;
  readonly seed: string;
  readonly pace: NonNullable<Beginning["pace"]>;
  readonly rate: string;
  readonly now: string;
}

interface BeginningFieldsProps {
  readonly value: BeginningDraft;
  onChange(value: BeginningDraft): void;
}

/** How a sandbox begins: what it is filled with, its seed, its clock. */
export function BeginningFields({ value, onChange }: BeginningFieldsProps) {
  const scenarios = useScenarios().data ?? [];
  const names = new Set([value.scenario, ...scenarios.map(({ name }) => name)]);
  const set = (part: Partial<BeginningDraft>) => onChange({ ...value, ...part });
  return (
    <>
      <Fields>
        <SelectField
          label="Scenario"
          value={value.scenario}
          options={[...names].map((name) => [name, name] as const)}
          onChange={(scenario) => set({ scenario })}
        />
        <TextField
          label="Seed"
          {...{ type: "number", min: 0, max: Number.MAX_SAFE_INTEGER, placeholder: "as the server's" }}
          value={value.seed}
          onChange={(seed) => set({ seed })}
        />
      </Fields>
      <Fields>
        <SelectField label="Pace" value={value.pace} options={PACES} onChange={(pace) => set({ pace })} />
        {value.pace === "fast" && (
          <TextField
            label="Rate"
            {...{ type: "number", min: 0.001, step: "any", required: true }}
            value={value.rate}
            onChange={(rate) => set({ rate })}
          />
        )}
      </Fields>
      <TextField
        label="Clock begins at (UTC)"
        {...{ type: "datetime-local", step: 1 }}
        value={value.now}
        onChange={(now) => set({ now })}
      />
    </>
  );
}

/** What is sent for a beginning; what is empty is left out. */
export function toBody({ scenario, seed, pace, rate, now }: BeginningDraft): Beginning {
  return {
    scenario,
    seed: numberIn(seed),
    pace,
    rate: pace === "fast" ? numberIn(rate) : undefined,
    now: momentIn(now),
  };
}
