import { fill } from "./curl.ts";
import { membersOf, toPython } from "./literal.ts";
import { type Place, type Recipe, ROUTES, TOKEN } from "./recipe.ts";

const FILES = "import json\nfrom pathlib import Path\n\n";

/** A recipe as a line of Python, in a test in which `understudy` is the sandbox. */
export function toPythonLine(recipe: Recipe, place: Place): string {
  return recipe.sandbox === undefined ? call(recipe) : open(recipe, place);
}

function call({ id, given, file }: Recipe): string {
  switch (id) {
    case "resetSandbox":
      return `understudy.reset(${named(given.body ?? {})})`;
    case "advanceClock":
      return `understudy.clock.${move(given.body)}`;
    case "setClock":
      return `understudy.clock.${pace(given.body ?? {})}`;
    case "createFault":
      return `understudy.faults.add(${named(given.body as object)})`;
    case "replaceFaults":
      return `understudy.faults.replace(${toPython(given.body)})`;
    case "deleteFaults":
      return "understudy.faults.clear()";
    case "listRequests":
      return `understudy.requests(${named(given)})`;
    case "takeSnapshot":
      return `understudy.snapshots.take(${toPython(given.body.name)})`;
    case "restoreSnapshot":
      return `understudy.snapshots.restore(${toPython(given.snapshot)})`;
    case "forkSnapshot":
      return `other = understudy.snapshots.fork(${toPython(given.snapshot)}, ${toPython(given.body.sandbox)})`;
    case "deleteSnapshot":
      return `understudy.snapshots.delete(${toPython(given.snapshot)})`;
    case "uploadSnapshot":
      return `${FILES}document = json.loads(Path(${toPython(file)}).read_text())
understudy.snapshots.upload(${toPython(given.snapshot)}, document)`;
    case "downloadSnapshot":
      return `${FILES}document = understudy.snapshots.download(${toPython(given.snapshot)})
Path(${toPython(file)}).write_text(json.dumps(document))`;
    case "deleteSandbox":
    case "clearRequests":
      return `understudy.delete(${toPython(fill(ROUTES[id].split(" ")[1]!, given))})`;
  }
}

function open({ given, sandbox }: Recipe, { server, hasToken }: Place): string {
  const { body = {} } = given as { body?: object };
  const token = hasToken ? `, os.environ["${TOKEN}"]` : "";
  const how = [toPython(sandbox), named(body)].filter(Boolean).join(", ");
  const imports = `${hasToken ? "import os\n\n" : ""}from understudy.testing import Server\n\n`;
  return `${imports}other = Server(${toPython(server)}${token}).sandbox(${how})`;
}

function move({ seconds, to, events, until, limit_seconds }: Recipe<"advanceClock">["given"]["body"]): string {
  if (seconds !== undefined) return `advance(${seconds})`;
  if (to !== undefined) return `to(${toPython(to)})`;
  if (until === undefined) return events === 1 ? "step()" : `step(${events})`;
  return `until(${named({ ...until, limit_seconds })})`;
}

function pace({ pace, rate, now }: NonNullable<Recipe<"setClock">["given"]["body"]>): string {
  if (pace === "stopped" && rate === undefined && now !== undefined) return `pause_at(${toPython(now)})`;
  if (pace === "real" && rate === undefined && now === undefined) return "resume()";
  return `set(${named({ pace, rate, now })})`;
}

/** The members of an object as arguments by name. */
function named(value: object): string {
  return membersOf(value)
    .map(([name, held]) => `${name}=${toPython(held)}`)
    .join(", ");
}
