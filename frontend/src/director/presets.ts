import type { FaultBody } from "./fault.ts";

/** A rule for what people try often. */
interface Preset {
  readonly label: string;
  readonly rule: FaultBody;
}

/** What people try often. */
export const PRESETS: readonly Preset[] = [
  {
    label: "The next save is refused (412)",
    rule: { match: { method: "PATCH", path: "/api/workflows/*" }, code: "revision_mismatch", times: 1 },
  },
  { label: "Everything is slow", rule: { delay_ms: [800, 2000] } },
  { label: "The server is busy three times (503)", rule: { status: 503, times: 3 } },
  { label: "A third of requests fail (500)", rule: { status: 500, probability: 0.33 } },
  {
    label: "The next upload breaks off",
    rule: { match: { method: "POST", path: "/api/files/upload" }, connection: "reset" },
  },
  {
    label: "The next stream breaks after five events",
    rule: { match: { path: "/api/executions/*/events" }, stream: { drop_after: 5 }, times: 1 },
  },
  {
    label: "Every node fails twice, then works",
    rule: { node: { error: "The service did not answer.", fail_attempts: 2 } },
  },
  { label: "Every node takes ten seconds", rule: { node: { duration_ms: 10_000 } } },
];
