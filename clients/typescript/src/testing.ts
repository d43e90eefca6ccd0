import type { Beginning } from "./sandbox.js";

/** Where tests find the server if they are not told. */
export const SERVER_URL = process.env["UNDERSTUDY_URL"] ?? "http://localhost:8000";

/** The control token, if the server was started with one. */
export const CONTROL_TOKEN = process.env["UNDERSTUDY_CONTROL_TOKEN"] ?? "";

/** How the sandbox of a test begins: empty, its clock stopped, whatever the server was started with. */
export const BEGINNING: Beginning = { scenario: "empty", pace: "stopped", seed: 1 };

/** A word that no other process has, so that two runs of tests may use one server at the same time. */
export const WORD = crypto.randomUUID().slice(0, 8);
