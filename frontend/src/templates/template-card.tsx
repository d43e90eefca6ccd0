import type { TemplateSummary } from "understudy-client";

import { countOf } from "../parts/amounts.ts";
import { Sketch } from "../parts/sketch.tsx";
import { useTemplate } from "./reading.ts";
import styles from "./templates.module.css";

interface TemplateCardProps {
  readonly summary: TemplateSummary;
  onOpen(template: TemplateSummary): void;
}

/** A template in the gallery: its graph as a picture, and what it is for. */
export function TemplateCard({ summary, onOpen }: TemplateCardProps) {
  const { data } = useTemplate(summary);
  return (
    <li>
      <button type="button" className={styles.card} onClick={() => onOpen(summary)}>
        <span className={styles.picture}>
          {data && <Sketch nodes={data.template.nodes} connections={data.template.connections} />}
        </span>
        <span className={styles.words}>
          <strong className={styles.name} title={summary.name}>
            {summary.name}
          </strong>
          <span className={styles.description}>{summary.description}</span>
          <span className={styles.foot}>
            <span className={styles.category}>{summary.category}</span>
            <span className={styles.soft}>{countOf(summary.node_count, "node")}</span>
          </span>
        </span>
      </button>
    </li>
  );
}
