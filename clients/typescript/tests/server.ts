import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";

/** What starts the server of this repository. */
export const RUN = fileURLToPath(new URL("../../../run.py", import.meta.url));

/** The command that starts a server on a free port; `PYTHON` says with which interpreter. */
export const COMMAND = [process.env["PYTHON"] ?? "python3", RUN, "--port", "0", "--require-sandbox"] as const;

/** What the server prints when it is ready. */
export const READY = /Start here +(?<understudy_url>http:\S+[^/\s])/;

/** Starts a server for all tests, unless `UNDERSTUDY_URL` names one; gives what ends it. */
export default async function setup(): Promise<(() => Promise<void>) | undefined> {
  if (process.env["UNDERSTUDY_URL"]) return undefined;
  const [program, ...options] = COMMAND;
  const server = spawn(program, options, { stdio: ["ignore", "pipe", "inherit"] });
  for await (const line of createInterface(server.stdout)) {
    const url = READY.exec(line)?.groups?.["understudy_url"];
    if (url) process.env["UNDERSTUDY_URL"] = url;
    if (line.startsWith("Press Ctrl-C")) break;
  }
  if (!process.env["UNDERSTUDY_URL"]) throw new Error(`The server did not start: ${COMMAND.join(" ")}`);
  return async () => {
    server.kill("SIGINT");
    await once(server, "exit");
  };
}
