import { Download, GitFork, RotateCcw, Trash2 } from "lucide-react";
import { useState } from "react";
import type { Snapshot } from "understudy-client";

import { consoleOf } from "../api/here.ts";
import { bytesOf, exactTimeOf } from "../parts/amounts.ts";
import { download } from "../parts/download.ts";
import { deed, type Deed } from "./deed.ts";
import { Deeds } from "./deeds.tsx";
import { TextField } from "./field.tsx";
import { NAME, NAME_RULE } from "./names.ts";
import { Card, Soft } from "./section.tsx";

/** One snapshot, and what can be done with it. */
export function SnapshotCard({ snapshot }: { readonly snapshot: Snapshot }) {
  const { name, taken_at, size } = snapshot;
  return (
    <Card label={`Snapshot ${name}`}>
      <h4>{name}</h4>
      <Soft>{`${exactTimeOf(taken_at)}, ${bytesOf(size)}`}</Soft>
      <Deeds about={`snapshot ${name}`} deeds={[restore(name), downloaded(name), remove(name)]} />
      <Fork name={name} />
    </Card>
  );
}

function Fork({ name }: { readonly name: string }) {
  const [sandbox, setSandbox] = useState("");
  const [forked, setForked] = useState<string>();
  return (
    <Deeds about={`fork ${name}`} isShort deeds={[fork(name, sandbox || "mine", setForked)]}>
      <TextField
        label="Go on in another sandbox"
        placeholder="its name"
        required
        pattern={NAME}
        title={NAME_RULE}
        value={sandbox}
        onChange={setSandbox}
      />
      {forked !== undefined && <a href={consoleOf(forked)}>{`Open ${forked}`}</a>}
    </Deeds>
  );
}

function restore(snapshot: string): Deed {
  return deed({
    label: "Restore",
    icon: RotateCcw,
    question: `All that happened in this sandbox since ${snapshot} was taken is lost.`,
    recipe: { id: "restoreSnapshot", given: { snapshot } },
    tell: ({ clock }) => `The sandbox is as it was at ${exactTimeOf(clock.now)}.`,
  });
}

function fork(snapshot: string, sandbox: string, onDone: (sandbox: string) => void): Deed {
  return deed({
    label: "Fork",
    icon: GitFork,
    recipe: { id: "forkSnapshot", given: { snapshot, body: { sandbox } } },
    tell: () => {
      onDone(sandbox);
      return `Sandbox ${sandbox} goes on from ${snapshot}.`;
    },
  });
}

function remove(snapshot: string): Deed {
  return deed({
    label: "Delete",
    icon: Trash2,
    isIconOnly: true,
    question: `Snapshot ${snapshot} cannot be brought back.`,
    recipe: { id: "deleteSnapshot", given: { snapshot } },
    tell: () => `Snapshot ${snapshot} was deleted.`,
  });
}

function downloaded(snapshot: string): Deed {
  const file = `${snapshot}.json`;
  return deed({
    label: "Download",
    icon: Download,
    isIconOnly: true,
    recipe: { id: "downloadSnapshot", given: { snapshot }, file },
    tell: (document) => {
      download(file, "application/json", JSON.stringify(document));
      return `${file} was downloaded.`;
    },
  });
}
