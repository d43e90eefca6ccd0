import type { Arguments } from "understudy-client";

/** How the operations of the control API are asked for over HTTP. */
export const ROUTES = {
  resetSandbox: "POST /_control/reset",
  setClock: "PUT /_control/clock",
  advanceClock: "POST /_control/clock/advance",
  createFault: "POST /_control/faults",
  replaceFaults: "PUT /_control/faults",
  deleteFaults: "DELETE /_control/faults",
  listRequests: "GET /_control/requests",
  clearRequests: "DELETE /_control/requests",
  deleteSandbox: "DELETE /_control/sandboxes/{sandbox}",
  takeSnapshot: "POST /_control/snapshots",
  downloadSnapshot: "GET /_control/snapshots/{snapshot}",
  uploadSnapshot: "PUT /_control/snapshots/{snapshot}",
  deleteSnapshot: "DELETE /_control/snapshots/{snapshot}",
  restoreSnapshot: "POST /_control/snapshots/{snapshot}/restore",
  forkSnapshot: "POST /_control/snapshots/{snapshot}/fork",
} as const;

/** An operation that the director has. */
export type Id = keyof typeof ROUTES;

/** What the director does: the panel sends exactly this, and the lines to copy are written from it. */
export type Recipe<Of extends Id = Id> = {
  readonly [Name in Of]: {
    readonly id: Name;
    readonly given: Arguments<Name>;
    /** The sandbox that is meant, if it is not that of the page. */
    readonly sandbox?: string;
    /** The file that the body is read from, or the answer is written to. */
    readonly file?: string;
  };
}[Of];

/** Where lines are to be used. */
export interface Place {
  /** The address of the server. */
  readonly server: string;
  /** The address of the page's sandbox. */
  readonly url: string;
  /** Whether the control API wants a token. */
  readonly hasToken: boolean;
}

/** The variable that lines take the control token from. */
export const TOKEN = "UNDERSTUDY_CONTROL_TOKEN";
