import { Code } from "lucide-react";
import { type FormEvent, type ReactNode, useId, useState } from "react";

import { Button } from "../parts/button.tsx";
import { Confirm } from "../parts/confirm.tsx";
import type { Deed } from "./deed.ts";
import styles from "./deeds.module.css";
import { Lines } from "./lines.tsx";

interface DeedsProps {
  /** What the buttons are about, for who cannot see where they stand. */
  readonly about: string;
  readonly deeds: readonly [Deed, ...Deed[]];
  /** Fields from which the deeds follow; Enter in one does the first. */
  readonly children?: ReactNode;
  /** Whether all of it stands on one line. */
  readonly isShort?: boolean;
}

/** Buttons for what can be done, and the lines to copy that do the same. */
export function Deeds({ about, deeds, children, isShort = false }: DeedsProps) {
  const linesId = useId();
  const [isOpen, setOpen] = useState(false);
  const [asked, ask] = useState<Deed>();
  const [isBusy, setBusy] = useState(false);
  async function carryOut(deed: Deed): Promise<void> {
    if (isBusy) return;
    setBusy(true);
    await deed.carryOut();
    setBusy(false);
    ask(undefined);
  }
  const begin = (deed: Deed) => (deed.question === undefined ? void carryOut(deed) : ask(deed));
  function submit(event: FormEvent): void {
    event.preventDefault();
    if (!deeds[0].isOff) begin(deeds[0]);
  }
  return (
    <form className={`${styles.deeds} ${isShort ? styles.short : ""}`} aria-label={about} onSubmit={submit}>
      {children}
      <div className={styles.row}>
        {deeds.map((deed, at) => (
          <DeedButton key={deed.label} deed={deed} isFirst={at === 0} onBegin={begin} />
        ))}
        <div className={styles.code}>
          <Button
            icon={Code}
            look="quiet"
            isIconOnly
            aria-pressed={isOpen}
            aria-expanded={isOpen}
            aria-controls={isOpen ? linesId : undefined}
            onClick={() => setOpen(!isOpen)}
          >
            {`Lines to copy: ${about}`}
          </Button>
        </div>
      </div>
      {isOpen && <Lines id={linesId} of={deeds} />}
      {asked && (
        <Confirm
          title={`${asked.label}?`}
          action={asked.label}
          look="main"
          onConfirm={() => carryOut(asked)}
          onClose={() => ask(undefined)}
        >
          <p>{asked.question}</p>
        </Confirm>
      )}
    </form>
  );
}

interface DeedButtonProps {
  readonly deed: Deed;
  readonly isFirst: boolean;
  onBegin(deed: Deed): void;
}

function DeedButton({ deed, isFirst, onBegin }: DeedButtonProps) {
  const { label, icon, look, isIconOnly = false, isOff = false } = deed;
  return (
    <Button
      type={isFirst ? "submit" : "button"}
      disabled={isOff}
      isIconOnly={isIconOnly}
      {...(icon && { icon })}
      {...(look && { look })}
      {...(!isFirst && { onClick: () => onBegin(deed) })}
    >
      {label}
    </Button>
  );
}
