import { Trash2 } from "lucide-react";
import type { SandboxSummary } from "understudy-client";

import { consoleOf } from "../api/here.ts";
import { exactTimeOf } from "../parts/amounts.ts";
import { deed, type Deed } from "./deed.ts";
import { Deeds } from "./deeds.tsx";
import { Card, Soft } from "./section.tsx";

/** Another sandbox, the way to it, and its end. */
export function SandboxCard({ sandbox }: { readonly sandbox: SandboxSummary }) {
  const { sandbox: name, seed, scenario, clock } = sandbox;
  return (
    <Card label={`Sandbox ${name}`}>
      <h4>
        <a href={consoleOf(name)}>{name}</a>
      </h4>
      <Soft>{`Scenario ${scenario}, seed ${seed}, ${clock.pace} at ${exactTimeOf(clock.now)}`}</Soft>
      <Deeds about={`sandbox ${name}`} deeds={[remove(name)]} />
    </Card>
  );
}

function remove(sandbox: string): Deed {
  return deed({
    label: "Delete",
    icon: Trash2,
    question: `Sandbox ${sandbox} cannot be brought back.`,
    recipe: { id: "deleteSandbox", given: { sandbox } },
    tell: () => `Sandbox ${sandbox} was deleted.`,
  });
}
