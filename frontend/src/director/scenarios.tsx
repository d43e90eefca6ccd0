import { BookOpen } from "lucide-react";
import type { SandboxState, Scenario } from "understudy-client";

import { deed, type Deed } from "./deed.ts";
import { Deeds } from "./deeds.tsx";
import { useSandboxState, useScenarios } from "./reading.ts";
import { Card, Cards, Section, Soft } from "./section.tsx";

/** What the sandbox can be filled with. */
export function Scenarios() {
  const { data: scenarios, error } = useScenarios();
  const { data: state } = useSandboxState();
  return (
    <Section title="Scenarios">
      <Soft>A scenario takes the place of all that the sandbox holds. Seed and pace stay as they are.</Soft>
      <Cards error={error} empty="The server has no scenarios.">
        {state && scenarios?.map((scenario) => <ScenarioCard key={scenario.name} scenario={scenario} state={state} />)}
      </Cards>
    </Section>
  );
}

function ScenarioCard({ scenario, state }: { readonly scenario: Scenario; readonly state: SandboxState }) {
  const { name, description } = scenario;
  return (
    <Card label={`Scenario ${name}`}>
      <h4>{name}</h4>
      <p>{description}</p>
      {state.scenario === name && <Soft>The sandbox was filled with this.</Soft>}
      <Deeds about={`scenario ${name}`} deeds={[load(name, state)]} />
    </Card>
  );
}

function load(scenario: string, { seed, clock }: SandboxState): Deed {
  const { pace, rate } = clock;
  return deed({
    label: "Load",
    icon: BookOpen,
    question: `All that this sandbox holds gives way to ${scenario}. Its snapshots stay.`,
    recipe: {
      id: "resetSandbox",
      given: { body: { scenario, seed, pace, ...(pace === "fast" && { rate }) } },
    },
    tell: () => `The sandbox begins anew with ${scenario}.`,
  });
}
