import { RotateCcw } from "lucide-react";
import { useState } from "react";
import type { SandboxState } from "understudy-client";

import { BeginningFields, toBody } from "./beginning.tsx";
import { deed } from "./deed.ts";
import { Deeds } from "./deeds.tsx";

/** A new beginning for this sandbox. */
export function Reset({ state }: { readonly state: SandboxState }) {
  const { scenario, seed, clock } = state;
  const rate = clock.pace === "fast" ? String(clock.rate) : "20";
  const [beginning, setBeginning] = useState({ scenario, seed: String(seed), pace: clock.pace, rate, now: "" });
  const reset = deed({
    label: "Reset",
    icon: RotateCcw,
    question: "All that this sandbox holds is lost, but for its snapshots.",
    recipe: { id: "resetSandbox", given: { body: toBody(beginning) } },
    tell: () => `The sandbox begins anew with ${beginning.scenario}.`,
  });
  return (
    <Deeds about="reset" deeds={[reset]}>
      <BeginningFields value={beginning} onChange={setBeginning} />
    </Deeds>
  );
}
