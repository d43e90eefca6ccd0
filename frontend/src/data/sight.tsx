import { lazy, Suspense, useMemo, useState } from "react";

import { countOf } from "../parts/amounts.ts";
import { isObject, toJson } from "./json.ts";
import { Pictures } from "./picture.tsx";
import { plotOf } from "./plot.ts";
import { referencesIn } from "./references.ts";
import { type Grid, gridOf } from "./rows.ts";
import { Table } from "./table.tsx";
import { Text } from "./text.tsx";
import styles from "./value.module.css";
import { innerOf, textIn, type View } from "./views.ts";

const Chart = lazy(() => import("./chart.tsx"));
const Tree = lazy(() => import("./tree.tsx"));

interface SightProps {
  readonly name: string;
  readonly view: View;
  readonly value: unknown;
}

/** A value in one view. */
export function Sight({ name, view, value }: SightProps) {
  if (view === "table") return <Tabled name={name} value={value} />;
  return (
    <div className={styles.sight} role="region" aria-label={name} tabIndex={0} data-view={view}>
      <Suspense fallback={<p className={styles.quiet}>Loading …</p>}>
        <Inside name={name} view={view} value={value} />
      </Suspense>
    </div>
  );
}

function Inside({ name, view, value }: SightProps) {
  const inner = innerOf(value);
  const plot = useMemo(() => (view === "chart" ? plotOf(inner) : undefined), [view, inner]);
  if (plot) return <Chart plot={plot} />;
  if (view === "files") return <Pictures files={referencesIn(inner)} />;
  if (view === "tree" && typeof value === "object" && value !== null) return <Tree name={name} value={value} />;
  return <Text text={textIn(inner) ?? toJson(inner)} />;
}

function Tabled({ name, value }: Omit<SightProps, "view">) {
  const [scroller, setScroller] = useState<HTMLElement | null>(null);
  const grid = useMemo(() => gridOf(innerOf(value)), [value]);
  if (!grid) return null;
  return (
    <>
      <div ref={setScroller} className={styles.sight} role="region" aria-label={name} tabIndex={0} data-view="table">
        {scroller && <Table name={name} grid={grid} scroller={scroller} />}
      </div>
      <p className={styles.quiet}>{aboutGrid(grid, value)}</p>
    </>
  );
}

/** How much there is in a table, and where its rows are from. */
function aboutGrid({ rows, columns, from, isOfMembers }: Grid, value: unknown): string {
  if (isOfMembers) return countOf(rows.length, "field");
  const title = isObject(value) && typeof value["title"] === "string" ? value["title"] : "";
  const amount = `${countOf(rows.length, "row")}, ${countOf(columns.length, "column")}`;
  return [title, from === undefined ? amount : `${amount}, from "${from}"`].filter(Boolean).join(": ");
}
