import { ProblemError } from "understudy-client";

import { wordsOf } from "../parts/notices.tsx";

/** What was wrong with what somebody filled in, sentence by sentence. */
export function troubleOf(error: unknown): readonly string[] {
  if (!(error instanceof ProblemError)) return [wordsOf(error)];
  if (error.code === "bad_credentials") return ["There is no user with this name and this password."];
  const told = new Set(error.errors.map(({ message }) => message));
  return told.size ? [...told] : [wordsOf(error)];
}
