import { queries } from "./queries.ts";

/** For how long changes are collected before what they make old is read again. */
const REST_MS = 400;
/** What stays as it is whatever happens in the sandbox. */
const LASTING = new Set(["health", "scenarios"]);

const outdated = new Set<string>();
const waiting: { timer: ReturnType<typeof setTimeout> | undefined } = { timer: undefined };

/** Soon read again, once for all changes until then, what is seen of these: "workflows", "files" and so on. */
export function readAgain(...names: readonly string[]): void {
  names.forEach((name) => outdated.add(name));
  waiting.timer ??= setTimeout(read, REST_MS);
}

/** Soon read again all that can be other than it was. */
export function readAllAgain(): void {
  const names = queries.getQueryCache().getAll();
  readAgain(...names.map(({ queryKey }) => String(queryKey[0])).filter((name) => !LASTING.has(name)));
}

/** What is being read just now is not given up; it is read once more when that has come. */
function read(): void {
  waiting.timer = undefined;
  const isFree = (name: string) => !queries.isFetching({ queryKey: [name] });
  [...outdated].filter(isFree).forEach(refetch);
  if (outdated.size) readAgain();
}

function refetch(name: string): void {
  outdated.delete(name);
  void queries.invalidateQueries({ queryKey: [name] }, { cancelRefetch: false });
}
