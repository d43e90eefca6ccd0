import { execFileSync } from "node:child_process";

const NAMES = ["chromium", "chromium-browser", "google-chrome", "chrome"];

/** The browser: `CHROMIUM`, or the first of its names on the path. */
export function chromium(): string {
  if (process.env["CHROMIUM"]) return process.env["CHROMIUM"];
  const search = NAMES.map((name) => `command -v ${name}`).join(" || ");
  return execFileSync("sh", ["-c", search], { encoding: "utf8" }).trim();
}
