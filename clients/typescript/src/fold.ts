import type { StreamedEvent } from "./events.js";
import type { Execution, NodeExecution } from "./schema.js";

type Data = Readonly<Record<string, unknown>>;

const STATUS: Readonly<Record<string, string>> = { created: "pending", started: "running", resumed: "running" };
const OVER = ["completed", "failed", "stopped"];
const TOLD = ["attempt", "input", "output", "branch", "origin", "error", "duration_ms", "progress"];

/** The state of an execution after one more event: what `getExecution` gives at that moment.
 *
 * Begin with nothing, and the first event. States are never changed: what is as before is the same object.
 */
export function fold(state: Execution | undefined, event: StreamedEvent): Execution | undefined {
  if (event.type === "log.reset") return undefined;
  if (event.type === "workflow.changed") return state;
  const last = state?.last_seq ?? 0;
  if (event.seq === null || event.seq <= last) return state;
  if (event.seq > last + 1) throw new Error(`The event behind number ${last} is missing: ${event.seq} came.`);
  const next = happened(state ?? (event.data as Execution), event.type, event.at, event.data as Data);
  return { ...next, last_seq: event.seq, elapsed_ms: elapsed(next, event.at) };
}

function happened(state: Execution, type: string, at: string, data: Data): Execution {
  const [kind, what = ""] = type.split(".");
  if (kind === "log") return logged(state, at, data);
  if (kind === "node") return inNode(state, what, at, data);
  return kind === "execution" && what !== "created" ? inStatus(state, what, at, data) : state;
}

function logged(state: Execution, at: string, data: Data): Execution {
  return withNode(state, data, (run) => {
    const line = { at, level: data["level"], message: data["message"] };
    return { ...run, logs: [...(run.logs ?? []), line] } as NodeExecution;
  });
}

function inStatus(state: Execution, what: string, at: string, data: Data): Execution {
  const status = STATUS[what] ?? what;
  const history = [...state.status_history, { status, at, reason: data["reason"] ?? null }];
  return {
    ...state,
    ...(what === "started" && { started_at: at }),
    ...(OVER.includes(what) && { finished_at: at, waiting_for: [], ...pick(data, ["output", "error"]) }),
    ...pick(data, ["progress", "waiting_for"]),
    ...({ status, status_history: history } as Pick<Execution, "status" | "status_history">),
  };
}

function inNode(state: Execution, what: string, at: string, data: Data): Execution {
  const next = withNode(
    state,
    data,
    (run) =>
      ({
        ...run,
        ...(what !== "progress" && { status: STATUS[what] ?? what }),
        ...(what === "started" && { started_at: run.started_at ?? at, progress: 0, error: null }),
        ...(OVER.includes(what) && { finished_at: at }),
        ...pick(data, TOLD),
      }) as NodeExecution,
  );
  const progress = "execution_progress" in data && { progress: data["execution_progress"] as Execution["progress"] };
  return { ...next, waiting_for: waiting(state.waiting_for, what, data), ...progress };
}

function waiting(requests: Execution["waiting_for"], what: string, data: Data): Execution["waiting_for"] {
  if (what === "waiting") return [...requests, data["request"] as Execution["waiting_for"][number]];
  if (what !== "retrying" && !OVER.includes(what)) return requests;
  return requests.filter((request) => request.node_id !== data["node_id"]);
}

/** The state with another node execution in the place of the one that the event tells of. */
function withNode(state: Execution, data: Data, change: (run: NodeExecution) => NodeExecution): Execution {
  const tells = (run: NodeExecution) => run.node_id === data["node_id"];
  return { ...state, nodes: state.nodes.map((run) => (tells(run) ? change(latest(run, data)) : run)) };
}

/** The node execution that is shown; in a loop, a new iteration takes its place. */
function latest(run: NodeExecution, data: Data): NodeExecution {
  const iteration = (data["iteration"] ?? null) as NodeExecution["iteration"];
  if (JSON.stringify(run.iteration) === JSON.stringify(iteration)) return run;
  const empty = Object.fromEntries(Object.keys(run).map((name) => [name, null]));
  const { node_id, node_type } = run;
  const fresh = {
    node_id,
    node_type,
    iteration,
    status: "idle",
    attempt: 0,
    progress: 0,
    origin: "simulated",
    logs: [],
  };
  return { ...empty, ...fresh } as unknown as NodeExecution;
}

/** Milliseconds since the start, without the pauses. */
function elapsed({ started_at, status_history }: Execution, at: string): number {
  if (!started_at) return 0;
  let pausedMs = 0;
  let pausedAt: number | undefined;
  for (const entry of status_history) {
    if (pausedAt !== undefined) pausedMs += Date.parse(entry.at) - pausedAt;
    pausedAt = entry.status === "paused" ? Date.parse(entry.at) : undefined;
  }
  return (pausedAt ?? Date.parse(at)) - Date.parse(started_at) - pausedMs;
}

function pick(from: Data, names: readonly string[]): Data {
  return Object.fromEntries(names.filter((name) => name in from).map((name) => [name, from[name]]));
}
