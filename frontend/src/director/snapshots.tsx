import { Camera } from "lucide-react";
import { useState } from "react";

import { exactTimeOf } from "../parts/amounts.ts";
import { deed, type Deed } from "./deed.ts";
import { Deeds } from "./deeds.tsx";
import { TextField } from "./field.tsx";
import { NAME, NAME_RULE } from "./names.ts";
import { useSnapshots } from "./reading.ts";
import { Cards, Section } from "./section.tsx";
import { SnapshotCard } from "./snapshot-card.tsx";
import { Upload } from "./upload.tsx";

/** What the sandbox held at some moments: to come back to, or to go on from elsewhere. */
export function Snapshots() {
  const { data: snapshots, error } = useSnapshots();
  return (
    <>
      <Section title="Take a snapshot">
        <Take names={snapshots?.map(({ name }) => name) ?? []} />
      </Section>
      <Section title="Kept">
        <Cards error={error} empty="No snapshot was taken yet. One holds all that the sandbox holds at a moment.">
          {snapshots?.map((snapshot) => (
            <SnapshotCard key={snapshot.name} snapshot={snapshot} />
          ))}
        </Cards>
      </Section>
      <Section title="From a file">
        <Upload />
      </Section>
    </>
  );
}

function Take({ names }: { readonly names: readonly string[] }) {
  const [name, setName] = useState<string>();
  const chosen = name ?? unused(names);
  return (
    <Deeds about="take a snapshot" isShort deeds={[take(chosen, () => setName(undefined))]}>
      <TextField label="Name" required pattern={NAME} title={NAME_RULE} value={chosen} onChange={setName} />
    </Deeds>
  );
}

function take(name: string, onDone: () => void): Deed {
  return deed({
    label: "Take snapshot",
    icon: Camera,
    recipe: { id: "takeSnapshot", given: { body: { name } } },
    tell: ({ taken_at }) => {
      onDone();
      return `Snapshot ${name} shows ${exactTimeOf(taken_at)}.`;
    },
  });
}

/** The first name of a row that is free. */
function unused(names: readonly string[]): string {
  let number = names.length + 1;
  while (names.includes(`snapshot-${number}`)) number++;
  return `snapshot-${number}`;
}
