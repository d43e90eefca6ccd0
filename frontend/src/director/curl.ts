import { membersOf, toJson, toShell } from "./literal.ts";
import { type Place, type Recipe, ROUTES, TOKEN } from "./recipe.ts";

/** A recipe as a line for a shell. */
export function toCurl(recipe: Recipe, place: Place): string {
  const { body, ...parameters } = recipe.given as { body?: unknown };
  const [method, path] = ROUTES[recipe.id].split(" ") as [string, string];
  const data = dataOf(recipe, body);
  const words = [
    ...["curl", "-s"],
    ...(method === "GET" || (method === "POST" && body) ? [] : ["-X", method]),
    ...(place.hasToken ? ["-H", `"Authorization: Bearer $${TOKEN}"`] : []),
    ...(data.length ? ["-H", "'Content-Type: application/json'", ...data.map(toShell)] : []),
    ...(recipe.id === "downloadSnapshot" ? ["-o", toShell(recipe.file!)] : []),
    toShell(baseOf(recipe, place) + fill(path, parameters)),
  ];
  return words.join(" ");
}

/** The body as options of curl; those for JSON as such are too new for many machines. */
function dataOf({ id, file }: Recipe, body: unknown): readonly string[] {
  if (id === "uploadSnapshot") return ["--data-binary", `@${file}`];
  return body ? ["-d", toJson(body)] : [];
}

function baseOf({ sandbox }: Recipe, { server, url }: Place): string {
  return sandbox === undefined ? url : `${server}/s/${encodeURIComponent(sandbox)}`;
}

/** A path with its parameters; those that have no place in it are the query. */
export function fill(path: string, parameters: object): string {
  const all = membersOf(parameters).map(([name, value]) => [name, String(value)] as const);
  const isInPath = ([name]: readonly [string, string]) => path.includes(`{${name}}`);
  const filled = all
    .filter(isInPath)
    .reduce((at, [name, value]) => at.replace(`{${name}}`, encodeURIComponent(value)), path);
  const query = new URLSearchParams(all.filter((one) => !isInPath(one)).map((one) => [...one]));
  return query.size ? `${filled}?${query}` : filled;
}
