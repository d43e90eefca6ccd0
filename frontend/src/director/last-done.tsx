import { Check, Code } from "lucide-react";
import { useId, useState } from "react";

import { Button } from "../parts/button.tsx";
import { useDone } from "./deed.ts";
import styles from "./last-done.module.css";
import { Lines } from "./lines.tsx";

/** What was done last, what came of it, and the lines that do it again. */
export function LastDone() {
  const { last } = useDone();
  const [isOpen, setOpen] = useState(false);
  const linesId = useId();
  return (
    <section className={styles.done} aria-label="Last action">
      <div className={styles.row}>
        <p className={styles.told} role="status">
          {last && <Check size={16} aria-hidden />}
          <span>{last ? last.told : "Every action can be copied as a line."}</span>
        </p>
        {last && (
          <Button
            icon={Code}
            look="quiet"
            isIconOnly
            aria-pressed={isOpen}
            aria-expanded={isOpen}
            aria-controls={isOpen ? linesId : undefined}
            onClick={() => setOpen(!isOpen)}
          >
            Lines of the last action
          </Button>
        )}
      </div>
      {last && isOpen && <Lines id={linesId} of={[last]} />}
    </section>
  );
}
