import { afterEach, beforeEach, expect, test, vi } from "vitest";

import { readAgain, readAllAgain } from "../src/api/outdated.ts";
import { queries } from "../src/api/queries.ts";

beforeEach(() => {
  vi.useFakeTimers();
  queries.clear();
});
afterEach(() => vi.useRealTimers());

function spy() {
  return vi.spyOn(queries, "invalidateQueries").mockClear();
}

test("many changes have a list read again once, and none gives up a request", () => {
  const invalidate = spy();
  for (let count = 0; count < 100; count++) readAgain("workflows", "executions");
  expect(invalidate).not.toHaveBeenCalled();
  vi.advanceTimersByTime(1000);
  const again = (name: string) => [{ queryKey: [name] }, { cancelRefetch: false }];
  expect(invalidate.mock.calls).toEqual([again("workflows"), again("executions")]);
});

test("what is being read when it changes is read once more when that has come", async () => {
  let arrive: (data: string) => void = () => undefined;
  const coming = new Promise<string>((resolve) => (arrive = resolve));
  void queries.fetchQuery({ queryKey: ["files", "all"], queryFn: () => coming });
  const invalidate = spy();
  readAgain("files");
  vi.advanceTimersByTime(2000);
  expect(invalidate).not.toHaveBeenCalled();
  arrive("old");
  await vi.advanceTimersByTimeAsync(1000);
  expect(invalidate).toHaveBeenCalledOnce();
});

test("a new beginning makes all old but what no sandbox changes", () => {
  for (const name of ["health", "scenarios", "files", "workflow"]) queries.setQueryData([name, "x"], 1);
  const invalidate = spy();
  readAllAgain();
  vi.advanceTimersByTime(1000);
  expect(invalidate.mock.calls.map(([filters]) => filters?.queryKey)).toEqual([["files"], ["workflow"]]);
});
