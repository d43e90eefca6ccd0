import { Pause, Play } from "lucide-react";
import { useState } from "react";
import type { ClockBody } from "understudy-client";

import { type Clock, useClock } from "../api/clock.ts";
import { exactTimeOf } from "../parts/amounts.ts";
import { type Deed, deed } from "./deed.ts";
import { Deeds } from "./deeds.tsx";
import { SelectField, TextField } from "./field.tsx";
import { Section } from "./section.tsx";
import { numberIn } from "./text.ts";

type PaceName = Clock["pace"];

/** The paces as people are asked for them. */
export const PACES: readonly (readonly [PaceName, string])[] = [
  ["real", "Real: as outside"],
  ["fast", "Fast: at a rate"],
  ["stopped", "Stopped: when told"],
  ["instant", "Instant: to the end at once"],
  ["auto", "Auto: when somebody waits"],
];

/** How time goes by. */
export function Pace({ clock }: { readonly clock: Clock }) {
  const going = useClock((state) => state.going);
  return (
    <Section title="Pace">
      <Deeds about="stop and go" deeds={[clock.pace === "stopped" ? goOn(going) : freeze()]} />
      <Choice key={`${clock.pace} ${clock.rate}`} clock={clock} />
    </Section>
  );
}

function Choice({ clock }: { readonly clock: Clock }) {
  const [pace, setPace] = useState(clock.pace);
  const [rate, setRate] = useState(clock.pace === "fast" ? String(clock.rate) : "20");
  return (
    <Deeds about="pace" isShort={pace !== "fast"} deeds={[setTo(pace, pace === "fast" ? numberIn(rate) : undefined)]}>
      <SelectField label="Pace" value={pace} options={PACES} onChange={setPace} />
      {pace === "fast" && (
        <TextField label="Rate" type="number" min="0.001" step="any" required value={rate} onChange={setRate} />
      )}
    </Deeds>
  );
}

function freeze(): Deed {
  return deed({
    label: "Freeze",
    icon: Pause,
    recipe: { id: "setClock", given: { body: { pace: "stopped" } } },
    tell: ({ now }) => `Time stands at ${exactTimeOf(now)}.`,
  });
}

function goOn(body: ClockBody): Deed {
  return deed({
    label: "Go on",
    icon: Play,
    recipe: { id: "setClock", given: { body } },
    tell: ({ now }) => `Time goes on from ${exactTimeOf(now)}.`,
  });
}

function setTo(pace: PaceName, rate: number | undefined): Deed {
  return deed({
    label: "Set pace",
    recipe: { id: "setClock", given: { body: { pace, rate } } },
    tell: (clock) => `The pace is ${clock.pace}.`,
  });
}
