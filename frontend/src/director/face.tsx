import { type Clock, useNow } from "../api/clock.ts";
import styles from "./face.module.css";
import { split } from "./moment.ts";

const PACES: Readonly<Record<string, string>> = {
  real: "Goes by as outside",
  fast: "Goes by fast",
  stopped: "Stands until it is told to move",
  instant: "Executions end at once",
  auto: "Jumps when somebody waits",
};

/** When it is in the sandbox. It goes on by itself from where it was read. */
export function Face({ clock }: { readonly clock: Clock }) {
  const { date, time } = split(useNow() ?? Date.parse(clock.now));
  const pace = clock.pace === "fast" ? `${clock.rate} times as fast as outside` : PACES[clock.pace];
  return (
    <div className={styles.face}>
      <div className={styles.time} role="timer" aria-label="Time in the sandbox" aria-live="off">
        {time.slice(0, 8)}
        <span>{time.slice(8)}</span>
      </div>
      <p>{`${date}, UTC`}</p>
      <p className={styles.pace}>{pace}</p>
    </div>
  );
}
