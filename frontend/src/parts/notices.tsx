import { X } from "lucide-react";
import { ProblemError } from "understudy-client";
import { create } from "zustand";

import { Button } from "./button.tsx";
import styles from "./notices.module.css";

interface Notice {
  readonly id: number;
  readonly tone: "good" | "bad";
  readonly text: string;
}

const MOST_SEEN = 4;
const useNotices = create<{ readonly notices: readonly Notice[] }>()(() => ({ notices: [] }));
let last = 0;

/** Tell the user something. It stays until it is closed, or others push it out. */
export function notify(text: string, tone: Notice["tone"] = "good"): void {
  const notice = { id: ++last, tone, text };
  useNotices.setState(({ notices }) => ({ notices: [...notices, notice].slice(-MOST_SEEN) }));
}

/** Tell the user what went wrong. */
export function notifyOf(error: unknown): void {
  notify(wordsOf(error), "bad");
}

/** What an error says to a person. */
export function wordsOf(error: unknown): string {
  if (error instanceof ProblemError) return error.problem.detail ?? error.problem.title;
  if (error instanceof TypeError) return "The server cannot be reached.";
  return error instanceof Error ? error.message : String(error);
}

function close(id: number): void {
  useNotices.setState(({ notices }) => ({ notices: notices.filter((notice) => notice.id !== id) }));
}

/** All that the user is told now. */
export function Notices() {
  const notices = useNotices((state) => state.notices);
  return (
    <div className={styles.notices}>
      {notices.filter(isBad).map((notice) => (
        <div key={notice.id} role="alert">
          <Note notice={notice} />
        </div>
      ))}
      <div className={styles.good} role="status">
        {notices
          .filter((notice) => !isBad(notice))
          .map((notice) => (
            <Note key={notice.id} notice={notice} />
          ))}
      </div>
    </div>
  );
}

function Note({ notice: { id, tone, text } }: { readonly notice: Notice }) {
  return (
    <div className={styles.notice} data-tone={tone}>
      <span>{text}</span>
      <Button icon={X} look="quiet" isIconOnly onClick={() => close(id)}>
        Close
      </Button>
    </div>
  );
}

function isBad({ tone }: Notice): boolean {
  return tone === "bad";
}
