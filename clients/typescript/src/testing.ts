import type { Beginning } from "./sandbox.js";

/** Where tests find the server if they are not told. */
export const SERVER_URL = process.env["UNDERSTUDY_URL"] ?? "http://localhost:8000";

/** The control token, if the server was started with one. */
export const CONTROL_TOKEN = process.env["UNDERSTUDY_CONTROL_TOKEN"] ?? "";

/** How the sandbox of a test begins: empty, its clock stopped, whatever the server was started with. */
export const BEGINNING: Beginning = { scenario: "empty", pace: "stopped", seed: 1 };
