/** How many steps can be undone. */
const MOST = 100;

/** What was, and what was undone: states that never change. */
export interface History<State> {
  readonly past: readonly State[];
  readonly future: readonly State[];
}

/** Nothing to undo, nothing to redo. */
export const NO_HISTORY: History<never> = { past: [], future: [] };

/** Keep the state from before a change. What was undone cannot be redone any more. */
export function recorded<State>({ past }: History<State>, before: State): History<State> {
  return { past: [...past, before].slice(-MOST), future: [] };
}

/** One step back: the state from then, and the history as it is there. */
export function undone<State>({ past, future }: History<State>, now: State): [State, History<State>] | undefined {
  const before = past.at(-1);
  return before === undefined ? undefined : [before, { past: past.slice(0, -1), future: [...future, now] }];
}

/** One step on again. */
export function redone<State>({ past, future }: History<State>, now: State): [State, History<State>] | undefined {
  const after = future.at(-1);
  return after === undefined ? undefined : [after, { past: [...past, now], future: future.slice(0, -1) }];
}
