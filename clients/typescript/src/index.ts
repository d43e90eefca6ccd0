/** A client of Understudy: one typed method for each operation, and the events as they happen. */
export type { Answer, Pending } from "./call.js";
export {
  type Arguments,
  createUnderstudy,
  type Data,
  type Method,
  type OperationId,
  type Token,
  type Understudy,
  type UnderstudyOptions,
} from "./client.js";
export { Clock, type Duration, type Moment, NotReached, type Wanted } from "./clock.js";
export type { EventsOptions, LogReset, StreamedEvent } from "./events.js";
export { fold } from "./fold.js";
export { type ProblemCode, ProblemError } from "./problem.js";
export { type Beginning, openSandbox, type Sandbox, type SandboxOptions } from "./sandbox.js";
export type * from "./schema.js";
