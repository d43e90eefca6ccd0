import { Plus, Trash2 } from "lucide-react";
import type { Rule } from "understudy-client";

import { type Deed, deed } from "./deed.ts";
import { type FaultBody, withoutCounts } from "./fault.ts";

/** A deed that adds a rule behind the others. */
export function add(rule: FaultBody, told?: string): Deed {
  return deed({
    label: "Add rule",
    icon: Plus,
    recipe: { id: "createFault", given: { body: rule } },
    tell: ({ id }) => told ?? `Rule ${id} was added.`,
  });
}

/** A deed that removes one rule; the API replaces all, so the counts of the others begin anew. */
export function remove(rule: Rule, all: readonly Rule[]): Deed {
  const others = all.filter((other) => other !== rule).map(withoutCounts);
  return deed({
    label: "Remove",
    icon: Trash2,
    recipe: others.length ? { id: "replaceFaults", given: { body: others } } : { id: "deleteFaults", given: {} },
    tell: () => `Rule ${rule.id} was removed; the counts of the others begin anew.`,
  });
}

/** A deed that removes all rules. */
export function removeAll(): Deed {
  return deed({
    label: "Remove all",
    icon: Trash2,
    recipe: { id: "deleteFaults", given: {} },
    tell: () => "Nothing is bent any more.",
  });
}
