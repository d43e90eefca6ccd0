import { useState } from "react";
import type { Wanted } from "understudy-client";

import { useRun } from "../run/run.ts";
import { advance } from "./advance.ts";
import { Deeds } from "./deeds.tsx";
import { SelectField, TextField } from "./field.tsx";
import type { Recipe } from "./recipe.ts";
import { Fields, Section } from "./section.tsx";
import { numberIn, textIn } from "./text.ts";

type EventName = NonNullable<Wanted["event"]>;

const EVENTS: readonly EventName[] = [
  "execution.created",
  "execution.started",
  "execution.paused",
  "execution.resumed",
  "execution.waiting",
  "execution.completed",
  "execution.failed",
  "execution.stopped",
  "node.started",
  "node.progress",
  "node.completed",
  "node.failed",
  "node.retrying",
  "node.waiting",
  "node.skipped",
  "node.stopped",
  "connection.delivered",
  "log",
];

const EXECUTION_STATUSES = ["running", "paused", "waiting", "completed", "failed", "stopped"];
const NODE_STATUSES = ["running", "waiting", "retrying", "completed", "failed", "skipped", "stopped"];

const START = {
  event: "execution.completed" as EventName | "",
  status: "",
  node_id: "",
  execution_id: "",
  hours: "24",
};

/** Letting time go on until something happens. */
export function Until() {
  const shown = useRun(({ execution }) => execution);
  const [wanted, setWanted] = useState(START);
  const set = (part: Partial<typeof START>) => setWanted({ ...wanted, ...part });
  const statuses = wanted.node_id ? NODE_STATUSES : EXECUTION_STATUSES;
  const nodes = shown?.nodes.map((node) => node.node_id) ?? [];
  return (
    <Section title="Run until">
      <Deeds about="run until" deeds={[advance({ label: "Run until" }, toBody(wanted))]}>
        <Fields>
          <SelectField
            label="Event"
            value={wanted.event}
            options={[["", "any"], ...EVENTS.map((event) => [event, event] as const)]}
            onChange={(event) => set({ event })}
          />
          <SelectField
            label="Status"
            value={wanted.status}
            options={[["", "any"], ...statuses.map((status) => [status, status] as const)]}
            onChange={(status) => set({ status })}
          />
        </Fields>
        <Fields>
          <TextField
            label="Node"
            placeholder="any"
            value={wanted.node_id}
            choices={nodes}
            onChange={(node_id) => set({ node_id, status: "" })}
          />
          <TextField
            label="Execution"
            placeholder="any"
            value={wanted.execution_id}
            choices={shown ? [shown.id] : []}
            onChange={(execution_id) => set({ execution_id })}
          />
        </Fields>
        <TextField
          label="At most so many hours"
          type="number"
          min="0"
          step="any"
          value={wanted.hours}
          onChange={(hours) => set({ hours })}
        />
      </Deeds>
    </Section>
  );
}

function toBody({
  event,
  status,
  node_id,
  execution_id,
  hours,
}: typeof START): Recipe<"advanceClock">["given"]["body"] {
  const limit = numberIn(hours);
  return {
    until: {
      execution_id: textIn(execution_id),
      node_id: textIn(node_id),
      event: event === "" ? undefined : event,
      status: textIn(status),
    },
    ...(limit !== undefined && limit !== 24 && { limit_seconds: limit * 3600 }),
  };
}
