import type { Advanced } from "understudy-client";
import { create } from "zustand";

import { type Deed, deed } from "./deed.ts";
import { written } from "./moment.ts";
import type { Recipe } from "./recipe.ts";

type Way = Recipe<"advanceClock">["given"]["body"];

export const useAdvanced = create<{ readonly answer: Advanced | undefined }>()(() => ({ answer: undefined }));

/** A deed that lets time go on; what happened meanwhile is kept to be shown. */
export function advance(about: Pick<Deed, "label" | "icon" | "isOff">, body: Way): Deed {
  return deed({
    ...about,
    recipe: { id: "advanceClock", given: { body } },
    tell: (answer) => {
      useAdvanced.setState({ answer });
      return outcome(answer);
    },
  });
}

/** What came of letting time go on. */
export function outcome({ now, reached, event_count }: Advanced): string {
  const count = event_count === 1 ? "1 event" : `${event_count} events`;
  return `${reached ? "" : "Not reached. "}It is ${written(now)}; ${count} happened.`;
}
