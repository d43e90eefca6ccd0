import type { Event } from "understudy-client";

import { timeOfDay } from "../parts/amounts.ts";
import { useAdvanced } from "./advance.ts";
import styles from "./happened.module.css";
import { Section, Soft } from "./section.tsx";

const MOST_SHOWN = 200;

/** What happened while time went on last. */
export function Happened() {
  const { answer } = useAdvanced();
  if (!answer) return null;
  const shown = answer.events.slice(-MOST_SHOWN);
  return (
    <Section title="What happened">
      {shown.length < answer.event_count && <Soft>{`The last ${shown.length} of ${answer.event_count} events`}</Soft>}
      {!shown.length && <Soft>Nothing was due.</Soft>}
      <ol className={styles.events} aria-label="Events">
        {shown.map((event) => (
          <li key={event.cursor}>
            <time dateTime={event.at}>{timeOfDay(event.at)}</time>
            <span>
              {event.type} <em>{subjectOf(event)}</em>
            </span>
          </li>
        ))}
      </ol>
    </Section>
  );
}

function subjectOf({ data, execution_id }: Event): string {
  const { node_id, connection_id } = data as { node_id?: string; connection_id?: string };
  return node_id ?? connection_id ?? execution_id ?? "";
}
