import styles from "./status.module.css";

const TONES: Readonly<Record<string, string>> = {
  running: "busy",
  retrying: "warn",
  waiting: "warn",
  paused: "warn",
  completed: "good",
  failed: "bad",
  stopped: "bad",
};

/** The colour of a status of an execution or of a node: `busy`, `good`, `warn`, `bad`, or `calm`. */
export function toneOf(status: string): string {
  return TONES[status] ?? "calm";
}

/** A status as a word with its colour. */
export function Status({ status }: { readonly status: string }) {
  return (
    <span className={styles.status} data-tone={toneOf(status)} data-status={status}>
      {status}
    </span>
  );
}
