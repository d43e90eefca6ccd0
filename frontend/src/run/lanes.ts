import type { StreamedEvent } from "understudy-client";

/** What a node did for a while: an attempt, the delay before the next one, or the wait for a person. */
export interface Span {
  readonly kind: "work" | "delay" | "wait";
  readonly from: number;
  /** When it ended; nothing while it goes on. */
  readonly to: number | undefined;
  /** How it is, or how it ended. */
  readonly status: string;
  readonly attempt: number;
  readonly iteration: unknown;
}

/** All that one node did, oldest first. */
export interface Lane {
  readonly nodeId: string;
  readonly spans: readonly Span[];
}

/** A time in which the execution was paused. */
export interface Pause {
  readonly from: number;
  readonly to: number | undefined;
}

type Open<T> = { -readonly [Name in keyof T]: T[Name] };
type Facts = Readonly<Record<string, unknown>>;

const ENDS: Readonly<Record<string, string>> = {
  "node.completed": "completed",
  "node.failed": "failed",
  "node.stopped": "stopped",
  "node.retrying": "failed",
};
const FINAL = new Set(["execution.completed", "execution.failed", "execution.stopped"]);

/** What the nodes of an execution did over time, told by its events. */
export class Lanes {
  private readonly byNode = new Map<string, Open<Span>[]>();
  private readonly idle = new Set<string>();
  private readonly held: Open<Pause>[] = [];
  private taken = 0;

  /** When the execution began, or was created; nothing before that is known. */
  from: number | undefined;
  /** The moment of the last event that is known. */
  to = 0;
  isOver = false;

  /** The times in which the execution was paused. */
  get pauses(): readonly Pause[] {
    return this.held;
  }

  /** Every node: first those that were reached, in that order, then the others in the order of the graph. */
  get all(): readonly Lane[] {
    const reached = [...this.byNode].map(([nodeId, spans]) => ({ nodeId, spans }));
    return [...reached, ...[...this.idle].map((nodeId) => ({ nodeId, spans: [] }))];
  }

  /** Take the events that are new. */
  follow(events: readonly StreamedEvent[]): void {
    for (; this.taken < events.length; this.taken++) this.take(events[this.taken]!);
  }

  private take(event: StreamedEvent): void {
    this.to = Date.parse(event.at);
    if (event.type === "execution.created") event.data.nodes.forEach(({ node_id }) => this.idle.add(node_id));
    if (event.type.startsWith("execution.")) this.takeStatus(event.type);
    else if (event.type.startsWith("node.")) this.takeNode(event.type, event.data as Facts);
  }

  private takeStatus(type: string): void {
    if (type === "execution.created" || type === "execution.started") this.from = this.to;
    if (type === "execution.paused") this.held.push({ from: this.to, to: undefined });
    else close(this.held.at(-1), this.to);
    if (FINAL.has(type)) this.finish();
  }

  private takeNode(type: string, data: Facts): void {
    const spans = this.spansOf(data["node_id"] as string);
    const last = spans.at(-1);
    const about = { from: this.to, attempt: (data["attempt"] as number | undefined) ?? last?.attempt ?? 1 };
    const begin = (kind: Span["kind"], status: string) =>
      spans.push({ ...about, kind, to: undefined, status, iteration: data["iteration"] ?? null });
    const end = ENDS[type];
    if (last?.to === undefined && (end !== undefined || type === "node.started")) close(last, this.to, end);
    if (type === "node.started") begin("work", "running");
    if (type === "node.retrying") begin("delay", "retrying");
    if (type === "node.waiting") {
      close(last, this.to, "waiting");
      begin("wait", "waiting");
    }
  }

  private spansOf(nodeId: string): Open<Span>[] {
    let spans = this.byNode.get(nodeId);
    if (!spans) this.byNode.set(nodeId, (spans = []));
    this.idle.delete(nodeId);
    return spans;
  }

  private finish(): void {
    this.isOver = true;
    for (const spans of this.byNode.values()) close(spans.at(-1), this.to, "stopped");
  }
}

/** End what is open. */
function close(open: { to: number | undefined; status?: string } | undefined, at: number, status?: string): void {
  if (!open || open.to !== undefined) return;
  open.to = at;
  if (status !== undefined) open.status = status;
}
