import { Plus } from "lucide-react";
import { useState } from "react";

import { consoleOf } from "../api/here.ts";
import { type BeginningDraft, BeginningFields, toBody } from "./beginning.tsx";
import { deed } from "./deed.ts";
import { Deeds } from "./deeds.tsx";
import { TextField } from "./field.tsx";
import { NAME, NAME_RULE } from "./names.ts";
import { Soft } from "./section.tsx";

const USUAL: BeginningDraft = { scenario: "demo", seed: "", pace: "real", rate: "20", now: "" };

/** Makes another sandbox. A name that is taken is not, so that nobody's work is lost. */
export function NewSandbox({ taken }: { readonly taken: readonly string[] }) {
  const [name, setName] = useState("");
  const [beginning, setBeginning] = useState(USUAL);
  const [made, setMade] = useState<string>();
  const isTaken = taken.includes(name);
  const make = deed({
    label: "Make sandbox",
    icon: Plus,
    isOff: isTaken,
    recipe: { id: "resetSandbox", given: { body: toBody(beginning) }, sandbox: name || "mine" },
    tell: () => {
      setMade(name);
      setName("");
      return `Sandbox ${name} is there.`;
    },
  });
  return (
    <Deeds about="new sandbox" deeds={[make]}>
      <TextField
        label="Name"
        {...{ placeholder: "mine", required: true, pattern: NAME, title: NAME_RULE }}
        value={name}
        onChange={setName}
      />
      {isTaken && <Soft>{`There is a sandbox ${name} already.`}</Soft>}
      <BeginningFields value={beginning} onChange={setBeginning} />
      {made !== undefined && <a href={consoleOf(made)}>{`Open ${made}`}</a>}
    </Deeds>
  );
}
