import {
  ArcElement,
  BarController,
  BarElement,
  CategoryScale,
  Chart as Drawn,
  Filler,
  Legend,
  LinearScale,
  LineController,
  LineElement,
  PieController,
  PointElement,
  ScatterController,
  Title,
  Tooltip,
} from "chart.js";
import { useEffect, useRef } from "react";

import { useIsDark } from "../theme.ts";
import { coloursOf } from "./colours.ts";
import styles from "./chart.module.css";
import { toConfiguration } from "./configuration.ts";
import type { Plot } from "./plot.ts";

Drawn.register(
  ...[ArcElement, BarController, BarElement, CategoryScale, Filler, Legend, LinearScale, LineController],
  ...[LineElement, PieController, PointElement, ScatterController, Title, Tooltip],
);

/** A chart. Its numbers are in the table of the same value, for those who cannot see it. */
export default function Chart({ plot }: { readonly plot: Plot }) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const isDark = useIsDark();
  useEffect(() => {
    const element = canvas.current!;
    const drawn = new Drawn(element, toConfiguration(plot, coloursOf(element)));
    return () => drawn.destroy();
  }, [plot, isDark]);
  return (
    <div className={styles.chart}>
      <canvas ref={canvas} role="img" aria-label={wordsOf(plot)} />
    </div>
  );
}

function wordsOf({ style, title, labels, series }: Plot): string {
  const names = series.map(({ label }) => label).join(", ");
  const what = `${style[0]!.toUpperCase()}${style.slice(1)} chart`;
  return `${what}${title && ` "${title}"`}: ${names}, ${labels.length} values each. The table has the numbers.`;
}
