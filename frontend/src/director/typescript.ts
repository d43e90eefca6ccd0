import { membersOf, toTypeScript } from "./literal.ts";
import { type Place, type Recipe, TOKEN } from "./recipe.ts";

/** A recipe as TypeScript, in a test in which `understudy` is the sandbox. */
export function toTypeScriptLine(recipe: Recipe, place: Place): string {
  const { id, given } = recipe;
  if (recipe.sandbox !== undefined) return openInTypeScript(recipe, place);
  if (id === "advanceClock") return `await understudy.clock.${moveInTypeScript(given.body)};`;
  if (id === "setClock") return `await understudy.${paceInTypeScript(given.body ?? {})};`;
  if (id === "uploadSnapshot") return uploadInTypeScript(given.snapshot, recipe.file!);
  if (id === "downloadSnapshot") return downloadInTypeScript(given.snapshot, recipe.file!);
  return `await understudy.${id}(${membersOf(given).length ? toTypeScript(given) : ""});`;
}

function openInTypeScript({ given, sandbox }: Recipe, { server, hasToken }: Place): string {
  const { body } = given as { body?: object };
  const options = toTypeScript({ baseUrl: server, name: sandbox, reset: body }).slice(0, -2);
  const token = hasToken ? `, controlToken: process.env["${TOKEN}"] ?? ""` : "";
  return `import { openSandbox } from "understudy-client";\n\nconst other = await openSandbox(${options}${token} });`;
}

function moveInTypeScript({ seconds, to, events, until, limit_seconds }: Recipe<"advanceClock">["given"]["body"]) {
  if (seconds !== undefined) return `advance(${duration(seconds)})`;
  if (to !== undefined) return `to(${toTypeScript(to)})`;
  if (until === undefined) return events === 1 ? "step()" : `step(${events})`;
  const limit = limit_seconds === undefined ? "" : `, ${duration(limit_seconds)}`;
  return `until(${toTypeScript(until)}${limit})`;
}

function paceInTypeScript(body: NonNullable<Recipe<"setClock">["given"]["body"]>): string {
  const { pace, rate, now } = body;
  if (pace === "stopped" && rate === undefined) return `clock.pause(${now === undefined ? "" : toTypeScript(now)})`;
  if (pace === "real" && rate === undefined && now === undefined) return "clock.resume()";
  return `setClock(${toTypeScript({ body })})`;
}

function uploadInTypeScript(snapshot: string, file: string): string {
  const read = `JSON.parse(await readFile(${toTypeScript(file)}, "utf8"))`;
  return `import { readFile } from "node:fs/promises";

await understudy.uploadSnapshot({ snapshot: ${toTypeScript(snapshot)}, body: ${read} });`;
}

function downloadInTypeScript(snapshot: string, file: string): string {
  return `import { writeFile } from "node:fs/promises";

const document = await understudy.downloadSnapshot(${toTypeScript({ snapshot })});
await writeFile(${toTypeScript(file)}, JSON.stringify(document));`;
}

/** A duration as the client takes it: text in whole seconds, else a number of milliseconds. */
function duration(seconds: number): string {
  return Number.isInteger(seconds) ? `"${seconds}s"` : `${Number((seconds * 1000).toPrecision(12))}`;
}
