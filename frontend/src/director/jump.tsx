import { FastForward, SkipForward } from "lucide-react";
import { useState } from "react";

import type { Clock } from "../api/clock.ts";
import { advance } from "./advance.ts";
import type { Deed } from "./deed.ts";
import { Deeds } from "./deeds.tsx";
import { SelectField, TextField } from "./field.tsx";
import { momentIn, toField, type Unit, UNITS } from "./moment.ts";
import { Section } from "./section.tsx";
import { numberIn } from "./text.ts";

const UNIT_NAMES: readonly (readonly [Unit, string])[] = [
  ["ms", "milliseconds"],
  ["s", "seconds"],
  ["min", "minutes"],
  ["h", "hours"],
  ["d", "days"],
];

const QUICK: readonly [Deed, ...Deed[]] = [
  advance({ label: "+1 s" }, { seconds: 1 }),
  advance({ label: "+1 min" }, { seconds: 60 }),
  advance({ label: "+1 h" }, { seconds: 3600 }),
  advance({ label: "+1 day" }, { seconds: 86_400 }),
];

/** Letting time go on by so much, to a moment, or event by event. */
export function Jump({ clock }: { readonly clock: Clock }) {
  return (
    <Section title="Jump and step">
      <Deeds about="quick jumps" deeds={QUICK} />
      <By />
      <To now={clock.now} />
      <Step />
    </Section>
  );
}

function By() {
  const [amount, setAmount] = useState("5");
  const [unit, setUnit] = useState<Unit>("min");
  const seconds = Number((((numberIn(amount) ?? 0) * UNITS[unit]) / 1000).toPrecision(12));
  return (
    <Deeds about="jump" isShort deeds={[advance({ label: "Jump", icon: FastForward }, { seconds })]}>
      <TextField label="By" type="number" min="0" step="any" required value={amount} onChange={setAmount} />
      <SelectField label="Unit" value={unit} options={UNIT_NAMES} onChange={setUnit} />
    </Deeds>
  );
}

function To({ now }: { readonly now: string }) {
  const [typed, setTyped] = useState<string>();
  const text = typed ?? toField(now);
  const to = momentIn(text);
  const jump = advance({ label: "Jump there", isOff: to === undefined }, { to: to ?? now }, () => setTyped(undefined));
  return (
    <Deeds about="jump to a moment" isShort deeds={[jump]}>
      <TextField
        label="To (UTC)"
        type="datetime-local"
        step="1"
        required
        min={toField(now)}
        value={text}
        onChange={setTyped}
      />
    </Deeds>
  );
}

function Step() {
  const [text, setText] = useState("1");
  const events = numberIn(text) ?? 1;
  return (
    <Deeds about="step" isShort deeds={[advance({ label: "Step", icon: SkipForward }, { events })]}>
      <TextField label="Events" type="number" min="1" max="100000" required value={text} onChange={setText} />
    </Deeds>
  );
}
