import { isFinal } from "../parts/statuses.ts";
import type { Run } from "../run/run.ts";
import type { FlowConnection } from "./flow.ts";

/** What a connection does: nothing, its source is at work, it has carried, or it will not carry. */
type Flowing = "idle" | "active" | "delivered" | "dead";

const AT_WORK = new Set(["running", "retrying", "waiting"]);

/** What a connection does at the moment that is shown. */
export function flowOf(
  { byNode, deliveries }: Pick<Run, "byNode" | "deliveries">,
  line: Pick<FlowConnection, "id" | "source">,
): Flowing {
  if (deliveries.has(line.id)) return "delivered";
  const status = byNode.get(line.source)?.status ?? "";
  if (AT_WORK.has(status)) return "active";
  return isFinal(status) ? "dead" : "idle";
}
