import type { Rule } from "understudy-client";

const CONNECTIONS: Readonly<Record<string, string>> = {
  reset: "the connection is reset",
  empty: "the connection ends without an answer",
  truncate: "the connection breaks half-way through the answer",
  hang: "there is no answer",
};

const STREAMS: Readonly<Record<string, (at: unknown) => string>> = {
  drop_after: (at) => `the connection breaks after event ${at}`,
  stall_after: (at) => `nothing more comes after event ${at}`,
  duplicate: (at) => `event ${at} comes twice`,
  swap: (at) => `event ${at} and the next change places`,
  delay: (at) => `event ${at} and what follows come late`,
  refuse_reconnect: (at) => `who comes back is refused with ${at === true ? 503 : at}`,
  omit_final: () => "the last event does not come",
};

/** What a rule is about, in words. */
export function subjectOf({ match, node, stream }: Rule): string {
  const { method, path, node_type, node_id } = (match ?? {}) as Readonly<Record<string, string | undefined>>;
  if (node) return node_id ? `Node ${node_id}` : node_type ? `Nodes of type ${node_type}` : "All nodes";
  const requests = [method, path].filter(Boolean).join(" ");
  return stream ? `Streams ${requests || "of any path"}` : requests || "All requests";
}

/** What a rule does, in words. */
export function effectOf(rule: Rule): string {
  const effects = rule["node"]
    ? ofNode(rule["node"])
    : rule["stream"]
      ? ofStream(rule["stream"])
      : [ofDelay(rule["delay_ms"]), ofAnswer(rule)];
  return [...effects, ofShare(rule)].filter(Boolean).join("; ");
}

function ofAnswer({ status, code, connection }: Rule): string {
  if (connection) return CONNECTIONS[String(connection)] ?? String(connection);
  const error = [status, code].filter(Boolean).join(" ");
  return error && `answered with ${error}`;
}

function ofDelay(delay: unknown): string {
  if (typeof delay === "number") return `${delay} ms late`;
  if (Array.isArray(delay)) return `${delay.join(" to ")} ms late`;
  return delay ? `about ${(delay as { median: number }).median} ms late` : "";
}

function ofNode(node: unknown): string[] {
  const { error, fail_attempts, duration_ms } = node as Readonly<Record<string, unknown>>;
  const attempts = fail_attempts === undefined ? "every attempt fails" : `the first ${fail_attempts} attempts fail`;
  return [error === undefined ? "" : attempts, duration_ms === undefined ? "" : `each takes ${duration_ms} ms`];
}

function ofStream(stream: unknown): string[] {
  return Object.entries(stream as object).map(([name, at]) => STREAMS[name]?.(at) ?? "");
}

function ofShare({ nth, times, probability }: Rule): string {
  const parts = [
    nth === undefined ? "" : `only number ${[nth].flat().join(", ")}`,
    times === undefined ? "" : `at most ${times === 1 ? "once" : `${times} times`}`,
    typeof probability === "number" ? `in ${Math.round(probability * 1000) / 10} % of the cases` : "",
  ];
  return parts.filter(Boolean).join(", ");
}
