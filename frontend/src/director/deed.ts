import type { LucideIcon } from "lucide-react";
import type { Data } from "understudy-client";
import { create } from "zustand";

import { readClock } from "../api/clock.ts";
import { controlOf } from "../api/control.ts";
import { queries } from "../api/queries.ts";
import { notifyOf } from "../parts/notices.tsx";
import type { Id, Recipe } from "./recipe.ts";

/** Something that the director can do, as a button. */
export interface Deed {
  readonly label: string;
  readonly recipe: Recipe;
  readonly icon?: LucideIcon;
  readonly look?: "main" | "danger";
  readonly isIconOnly?: boolean;
  readonly isOff?: boolean;
  /** What is asked before it is done. */
  readonly question?: string;
  /** Do it, tell of a failure, and read again what has changed by it. */
  carryOut(): Promise<void>;
}

interface DeedOf<Of extends Id> extends Omit<Deed, "recipe" | "carryOut"> {
  readonly recipe: Recipe<Of>;
  /** What is said once it is done. */
  tell(data: Data<Of>): string;
}

/** What was done last. */
interface Done {
  readonly label: string;
  readonly recipe: Recipe;
  readonly told: string;
}

export const useDone = create<{ readonly last: Done | undefined }>()(() => ({ last: undefined }));

/** A deed whose button sends what its recipe says. */
export function deed<Of extends Id>(about: DeedOf<Of>): Deed {
  const recipe = about.recipe as Recipe;
  async function carryOut(): Promise<void> {
    try {
      const told = about.tell(await send(about.recipe));
      useDone.setState({ last: { label: about.label, recipe, told } });
      await refresh(recipe);
    } catch (error) {
      notifyOf(error);
    }
  }
  return { ...about, recipe, carryOut };
}

function send<Of extends Id>({ id, given, sandbox }: Recipe<Of>): Promise<Data<Of>> {
  const operation = controlOf(sandbox)[id] as (given: unknown) => Promise<Data<Of>>;
  return operation(given);
}

/** After a reset or a restore nothing on the page is as it was; else only what the director sees has changed. */
async function refresh({ id, sandbox }: Recipe): Promise<void> {
  const isAll = sandbox === undefined && (id === "resetSandbox" || id === "restoreSnapshot");
  await Promise.all([readClock(), queries.invalidateQueries(isAll ? {} : { queryKey: ["control"] })]);
}
