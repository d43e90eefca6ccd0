import { useVirtualizer } from "@tanstack/react-virtual";
import { ArrowDown, ArrowUp } from "lucide-react";
import { useMemo, useState } from "react";

import { inOneLine, type Members } from "./json.ts";
import { type Grid, nextOrder, type Order, sorted, widthsOf } from "./rows.ts";
import styles from "./table.module.css";

const ROW_HEIGHT = 28;
const PX_OF_CHARACTER = 7.3;
const PADDING = 20;

interface TableProps {
  readonly name: string;
  readonly grid: Grid;
  /** What is scrolled: only the rows that are seen in it are drawn. */
  readonly scroller: HTMLElement;
}

/** Rows and columns, sorted by a click on the head of a column. */
export function Table({ name, grid, scroller }: TableProps) {
  const [order, setOrder] = useState<Order>();
  const rows = useMemo(() => sorted(grid.rows, order), [grid, order]);
  const widths = useMemo(() => widthsOf(grid).map((width) => Math.round(width * PX_OF_CHARACTER) + PADDING), [grid]);
  const total = widths.reduce((sum, width) => sum + width, 0);
  return (
    <table className={styles.table} style={{ minWidth: total }} aria-label={name} aria-rowcount={rows.length + 1}>
      <colgroup>
        {widths.map((width, at) => (
          <col key={grid.columns[at]} style={{ width }} />
        ))}
      </colgroup>
      <thead>
        <tr aria-rowindex={1}>
          {grid.columns.map((column) => (
            <Head key={column} column={column} order={order} onSort={() => setOrder(nextOrder(order, column))} />
          ))}
        </tr>
      </thead>
      <Rows columns={grid.columns} rows={rows} scroller={scroller} />
    </table>
  );
}

interface HeadProps {
  readonly column: string;
  readonly order: Order | undefined;
  onSort(): void;
}

function Head({ column, order, onSort }: HeadProps) {
  const isSorted = order?.column === column;
  const Icon = order?.isDown ? ArrowDown : ArrowUp;
  const sort = !isSorted ? "none" : order.isDown ? "descending" : "ascending";
  return (
    <th scope="col" aria-sort={sort}>
      <button type="button" className={styles.head} title={`Sort by ${column}`} onClick={onSort}>
        <span>{column}</span>
        {isSorted && <Icon size={12} aria-hidden />}
      </button>
    </th>
  );
}

interface RowsProps extends Pick<TableProps, "scroller"> {
  readonly columns: readonly string[];
  readonly rows: readonly Members[];
}

function Rows({ columns, rows, scroller }: RowsProps) {
  const virtualizer = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroller,
    estimateSize: () => ROW_HEIGHT,
    overscan: 8,
  });
  const seen = virtualizer.getVirtualItems();
  const above = seen[0]?.start ?? 0;
  const below = virtualizer.getTotalSize() - (seen.at(-1)?.end ?? 0);
  return (
    <tbody>
      <Space height={above} />
      {seen.map(({ index }) => (
        <tr key={index} aria-rowindex={index + 2}>
          {columns.map((column) => (
            <Cell key={column} value={rows[index]?.[column]} />
          ))}
        </tr>
      ))}
      <Space height={below} />
    </tbody>
  );
}

/** The room of the rows that are not drawn. */
function Space({ height }: { readonly height: number }) {
  return height > 0 ? <tr aria-hidden style={{ height }} /> : null;
}

function Cell({ value }: { readonly value: unknown }) {
  return (
    <td data-kind={typeof value} title={inOneLine(value, 400)}>
      {value === null ? <span className={styles.none}>null</span> : inOneLine(value)}
    </td>
  );
}
