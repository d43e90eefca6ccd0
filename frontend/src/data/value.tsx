import { Copy, FileBraces, FileSpreadsheet, Maximize2 } from "lucide-react";
import { useMemo, useState } from "react";

import { Button } from "../parts/button.tsx";
import { Dialog } from "../parts/dialog.tsx";
import { copyText } from "../parts/copy.ts";
import { download } from "../parts/download.ts";
import { toJson } from "./json.ts";
import { gridOf, toCsv } from "./rows.ts";
import { Sight } from "./sight.tsx";
import styles from "./value.module.css";
import { innerOf, useView, type View, viewsOf } from "./views.ts";

const LABELS = { chart: "Chart", files: "Files", table: "Table", text: "Text", tree: "Tree" } as const;

interface ValueProps {
  /** What it is: `Output`. */
  readonly name: string;
  /** Where it is, such as node and port. The view that was chosen there is kept. */
  readonly place: string;
  readonly value: unknown;
}

/** A value in the view that fits it best, with the others to choose from. */
export function Value(props: ValueProps) {
  const [isLarge, setLarge] = useState(false);
  return (
    <>
      <Seen {...props} onEnlarge={() => setLarge(true)} />
      {isLarge && (
        <Dialog title={props.name} isWide onClose={() => setLarge(false)}>
          <Seen {...props} />
        </Dialog>
      )}
    </>
  );
}

interface SeenProps extends ValueProps {
  /** Shows it larger; nothing where it is large. */
  onEnlarge?(): void;
}

function Seen({ name, place, value, onEnlarge }: SeenProps) {
  const views = useMemo(() => viewsOf(value), [value]);
  const [view, choose] = useView(place, views);
  return (
    <div className={styles.value} data-large={!onEnlarge || undefined}>
      <div className={styles.bar}>
        <Choice name={name} views={views} view={view} onChoose={choose} />
        <Taking name={name} value={value} />
        {onEnlarge && (
          <Button icon={Maximize2} look="quiet" isIconOnly onClick={onEnlarge}>
            {`Enlarge ${name}`}
          </Button>
        )}
      </div>
      <Sight key={view} name={name} view={view} value={value} />
    </div>
  );
}

interface ChoiceProps {
  readonly name: string;
  readonly views: readonly View[];
  readonly view: View;
  onChoose(view: View): void;
}

/** The views of a value, if there are several. */
function Choice({ name, views, view, onChoose }: ChoiceProps) {
  if (views.length === 1) return <span className={styles.only}>{LABELS[view]}</span>;
  return (
    <div className={styles.choice} role="group" aria-label={`View of ${name}`}>
      {views.map((each) => (
        <button
          key={each}
          type="button"
          className={styles.view}
          aria-pressed={each === view}
          onClick={() => onChoose(each)}
        >
          {LABELS[each]}
        </button>
      ))}
    </div>
  );
}

/** Take a value out of the page. */
function Taking({ name, value }: Pick<ValueProps, "name" | "value">) {
  const grid = useMemo(() => gridOf(innerOf(value)), [value]);
  const file = name.toLowerCase().replace(/[^a-z0-9]+/g, "-");
  return (
    <>
      <Button icon={Copy} look="quiet" isIconOnly onClick={() => void copyText(toJson(value), "Copied as JSON.")}>
        {`Copy ${name} as JSON`}
      </Button>
      <Button
        icon={FileBraces}
        look="quiet"
        isIconOnly
        onClick={() => download(`${file}.json`, "application/json", toJson(value))}
      >
        {`Download ${name} as JSON`}
      </Button>
      {grid && (
        <Button
          icon={FileSpreadsheet}
          look="quiet"
          isIconOnly
          onClick={() => download(`${file}.csv`, "text/csv", toCsv(grid))}
        >
          {`Download ${name} as CSV`}
        </Button>
      )}
    </>
  );
}
