import { useState } from "react";
import type { Rule } from "understudy-client";

import { add, remove, removeAll } from "./bending.ts";
import { Deeds } from "./deeds.tsx";
import { FaultForm } from "./fault-form.tsx";
import { SelectField } from "./field.tsx";
import { PRESETS } from "./presets.ts";
import { useFaults } from "./reading.ts";
import { Card, Cards, Section, Soft } from "./section.tsx";
import { effectOf, subjectOf } from "./wording.ts";

/** The rules that bend requests, nodes and streams. */
export function Faults() {
  const { data: rules, error } = useFaults();
  return (
    <>
      <Section title="Rules" refreshes="faults">
        <Cards error={error} empty="Nothing is bent. Add a rule below.">
          {rules?.map((rule) => (
            <RuleCard key={rule.id} rule={rule} all={rules} />
          ))}
        </Cards>
        {!!rules?.length && <Deeds about="all rules" deeds={[removeAll()]} />}
      </Section>
      <Section title="Ready-made">
        <Presets />
      </Section>
      <Section title="A rule of your own">
        <FaultForm />
      </Section>
    </>
  );
}

function RuleCard({ rule, all }: { readonly rule: Rule; readonly all: readonly Rule[] }) {
  const times = (count: number) => (count === 1 ? "once" : `${count} times`);
  return (
    <Card label={`Rule ${rule.id}`}>
      <h4>{rule.id}</h4>
      <p>{`${subjectOf(rule)}: ${effectOf(rule)}.`}</p>
      <Soft>{`Applied ${times(rule.applied)}, matched ${times(rule.matched)}`}</Soft>
      <Deeds about={`rule ${rule.id}`} deeds={[remove(rule, all)]} />
    </Card>
  );
}

function Presets() {
  const [chosen, choose] = useState("0");
  const { label, rule } = PRESETS[Number(chosen)]!;
  return (
    <Deeds about="ready-made rule" deeds={[add(rule, `Added: ${label}.`)]}>
      <SelectField
        label="What happens"
        value={chosen}
        options={PRESETS.map((preset, at) => [String(at), preset.label] as const)}
        onChange={choose}
      />
    </Deeds>
  );
}
