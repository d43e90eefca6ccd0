import type { Advanced } from "understudy-client";
import { create } from "zustand";

import { countOf, exactTimeOf } from "../parts/amounts.ts";
import { type Deed, deed } from "./deed.ts";
import type { Recipe } from "./recipe.ts";

type Way = Recipe<"advanceClock">["given"]["body"];

export const useAdvanced = create<{ readonly answer: Advanced | undefined }>()(() => ({ answer: undefined }));

/** A deed that lets time go on; what happened meanwhile is kept to be shown. */
export function advance(about: Pick<Deed, "label" | "icon" | "isOff">, body: Way, onDone?: () => void): Deed {
  return deed({
    ...about,
    recipe: { id: "advanceClock", given: { body } },
    tell: (answer) => {
      useAdvanced.setState({ answer });
      onDone?.();
      return outcome(answer);
    },
  });
}

/** What came of letting time go on. */
export function outcome({ now, reached, event_count }: Advanced): string {
  const count = countOf(event_count, "event");
  return `${reached ? "" : "Not reached. "}It is ${exactTimeOf(now)}; ${count} happened.`;
}
