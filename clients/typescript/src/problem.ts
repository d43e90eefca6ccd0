import type { Refusal } from "./operations.js";
import type { Problem } from "./schema.js";

/** Why a call failed, for programs: what the contract has, and what a rule or a proxy may make up. */
export type ProblemCode = Refusal | (string & {});

/** A call that was not answered with success; `code` says why, for programs. */
export class ProblemError extends Error {
  override readonly name = "ProblemError";
  readonly code: ProblemCode;
  readonly status: number;
  /** The culprits, each with a pointer into what was sent. */
  readonly errors: NonNullable<Problem["errors"]>;

  constructor(
    readonly problem: Problem,
    readonly response: Response,
  ) {
    super(`${problem.detail ?? problem.title} (${response.status} ${problem.code}, ${response.url})`);
    this.code = problem.code;
    this.status = response.status;
    this.errors = problem.errors ?? [];
  }
}

/** The error that a response stands for.
 *
 * @param body - what it held: parsed JSON, or the text where it was none.
 */
export function problemError(response: Response, body: unknown): ProblemError {
  return new ProblemError(isProblem(body) ? body : madeUp(response, body), response);
}

function isProblem(body: unknown): body is Problem {
  return typeof body === "object" && body !== null && "code" in body && "status" in body;
}

/** Something else than our own API has answered: a door of another backend, a proxy, or another server. */
function madeUp({ status, statusText }: Response, body: unknown): Problem {
  const title = statusText || `HTTP status ${status}`;
  const detail = toldBy(body).slice(0, 500) || title;
  return { type: "about:blank", title, status, detail, code: `http_${status}`, errors: [] };
}

function toldBy(body: unknown): string {
  if (typeof body !== "object" || body === null) return String(body ?? "");
  return "detail" in body && typeof body.detail === "string" ? body.detail : JSON.stringify(body);
}
