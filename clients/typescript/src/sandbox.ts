/// <reference lib="esnext.disposable" preserve="true" />
import { type Arguments, createUnderstudy, type Understudy, type UnderstudyOptions } from "./client.js";
import { Clock } from "./clock.js";
import { ProblemError } from "./problem.js";

/** How a sandbox begins: any of `seed, scenario, now, pace, rate`. */
export type Beginning = NonNullable<NonNullable<Arguments<"resetSandbox">["body"]>>;

/** Which sandbox, and how it begins. */
export interface SandboxOptions extends Omit<UnderstudyOptions, "sandbox"> {
  readonly name: string;
  /** What is not given is as the server was started. */
  readonly reset?: Beginning;
  /** The control token, if the server has one. */
  readonly controlToken?: string;
}

/** One backend for one test: a client, and hands on its clock. */
export interface Sandbox extends Understudy {
  readonly name: string;
  readonly clock: Clock;
  /** Forget it, with all that it holds. */
  remove(): Promise<void>;
  [Symbol.asyncDispose](): Promise<void>;
}

type Fetch = NonNullable<UnderstudyOptions["fetch"]>;

/** A sandbox that begins anew. */
export async function openSandbox({ name, reset, controlToken, ...options }: SandboxOptions): Promise<Sandbox> {
  const fetch = withToken(options.fetch ?? globalThis.fetch, controlToken);
  const understudy = createUnderstudy({ ...options, fetch, sandbox: name });
  await understudy.resetSandbox({ body: reset ?? {} });
  const remove = () => removeSandbox(understudy, name);
  return { ...understudy, name, clock: new Clock(understudy), remove, [Symbol.asyncDispose]: remove };
}

/** What directs a sandbox shows the control token; what a frontend calls does not. */
function withToken(fetch: Fetch, token: string | undefined): Fetch {
  return (request) => {
    const isDirecting = new URL(request.url).pathname.includes("/_control");
    if (token && isDirecting) request.headers.set("Authorization", `Bearer ${token}`);
    return fetch(request);
  };
}

async function removeSandbox(understudy: Understudy, name: string): Promise<void> {
  try {
    await understudy.deleteSandbox({ sandbox: name });
  } catch (error) {
    // The test may have deleted it.
    if (!(error instanceof ProblemError && error.status === 404)) throw error;
  }
}
