import { Copy } from "lucide-react";
import type { SandboxState } from "understudy-client";

import { addressOf } from "../api/control.ts";
import { Button } from "../parts/button.tsx";
import { copyText } from "../parts/copy.ts";
import { Facts } from "../parts/facts.tsx";
import { wordsOf } from "../parts/notices.tsx";
import { NewSandbox } from "./new-sandbox.tsx";
import { useSandboxState, useSandboxes } from "./reading.ts";
import { Reset } from "./reset.tsx";
import { SandboxCard } from "./sandbox-card.tsx";
import { Cards, Section, Soft } from "./section.tsx";

/** This sandbox, a new beginning for it, and the others of the server. */
export function Sandboxes() {
  const { data: state, error } = useSandboxState();
  if (error) return <Soft>{wordsOf(error)}</Soft>;
  if (!state) return <Soft>Loading …</Soft>;
  return (
    <>
      <This state={state} />
      <Section title="Begin anew">
        <Reset key={`${state.seed} ${state.scenario} ${state.clock.pace}`} state={state} />
      </Section>
      <Others here={state.sandbox} />
    </>
  );
}

function This({ state }: { readonly state: SandboxState }) {
  const { sandbox, seed, scenario, counts } = state;
  const address = addressOf();
  const shown = Object.entries(counts).map(([name, count]) => [name.replace("_", " "), count]);
  return (
    <Section title={`Sandbox ${sandbox}`} refreshes="state">
      <Facts facts={{ Address: address, Seed: seed, Scenario: scenario }} />
      <div>
        <Button icon={Copy} onClick={() => void copyText(address)}>
          Copy address
        </Button>
      </div>
      <details>
        <summary>What it holds</summary>
        <Facts facts={Object.fromEntries(shown) as Record<string, number>} />
      </details>
    </Section>
  );
}

function Others({ here }: { readonly here: string }) {
  const { data: sandboxes, error } = useSandboxes();
  const others = sandboxes?.filter(({ sandbox }) => sandbox !== here);
  return (
    <>
      <Section title="New sandbox">
        <NewSandbox taken={sandboxes?.map(({ sandbox }) => sandbox) ?? []} />
      </Section>
      <Section title="Other sandboxes" refreshes="sandboxes">
        <Cards error={error} empty="This is the only one.">
          {others?.map((sandbox) => (
            <SandboxCard key={sandbox.sandbox} sandbox={sandbox} />
          ))}
        </Cards>
      </Section>
    </>
  );
}
