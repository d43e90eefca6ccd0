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

/** A server that runs. */
interface Server {
  readonly url: string;
  readonly stop: () => Promise<void>;
}

/** Starts the servers for all tests: one that knows no users, unless `UNDERSTUDY_URL` names it, and one for users. */
export default async function setup(): Promise<() => Promise<void>> {
  const servers = [await start("--auth", "required")];
  process.env["URL_WITH_USERS"] = servers[0]!.url;
  if (!process.env["UNDERSTUDY_URL"]) {
    servers.push(await start());
    process.env["UNDERSTUDY_URL"] = servers[1]!.url;
  }
  return async () => void (await Promise.all(servers.map(({ stop }) => stop())));
}

async function start(...more: readonly string[]): Promise<Server> {
  const [program, ...options] = [...COMMAND, ...more];
  const server = spawn(program!, options, { stdio: ["ignore", "pipe", "inherit"] });
  process.once("exit", () => server.kill());
  const stop = async () => {
    server.kill("SIGINT");
    await once(server, "exit");
  };
  let url: string | undefined;
  for await (const line of createInterface(server.stdout)) {
    url ??= READY.exec(line)?.groups?.["understudy_url"];
    if (line.startsWith("Press Ctrl-C")) break;
  }
  if (!url) throw new Error(`The server did not start: ${[program, ...options].join(" ")}`);
  return { url, stop };
}
