import { ProblemError } from "understudy-client";

/** Whether what was asked for is not there, or not any more. */
export function isGone(error: unknown): boolean {
  return error instanceof ProblemError && error.status === 404;
}

/** Where what is to be removed has gone already, that is as good; any other error stays one. */
export function acceptGone(error: unknown): void {
  if (!isGone(error)) throw error;
}
