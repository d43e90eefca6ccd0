// Read by `tsc` only: what calls take, and what they give.
import {
  type Execution,
  type Problem,
  type ProblemCode,
  ProblemError,
  type ReactFlow,
  type StreamedEvent,
  type Understudy,
  type Workflow,
} from "../../src/index.js";

/** Calls that fit. */
export async function right(understudy: Understudy): Promise<void> {
  const workflow: Workflow = await understudy.getWorkflow({ workflow_id: "wf" });
  const graph: ReactFlow = await understudy.getWorkflow({ workflow_id: workflow.id, shape: "reactflow" });
  const execution: Execution = await understudy.executeWorkflow({ workflow_id: "wf", body: { input: graph } });
  const nothing: undefined = await understudy.deleteWorkflow({ workflow_id: "wf", headers: { "If-Match": "*" } });
  const bytes: Blob = await understudy.getFileContent({ file_id: "file" });
  await understudy.listExecutions({ workflow_id: execution.workflow_id, status: "running" });
  await understudy.pauseExecution({ execution_id: execution.id, signal: AbortSignal.timeout(1000) });
  await understudy.createWorkflow({
    body: { nodes: [{ id: "a", type: "mine", position: { x: 0, y: 0 }, width: 80, data: { label: "Mine" } }] },
  });
  const file = new File(["a"], "a.txt");
  await understudy.uploadFiles({ body: { file } });
  await understudy.uploadFiles({ body: { file: [file, file] } });
  await understudy.createWorkflow({ body: { name: undefined, tags: ["a"] as readonly string[] } });
  const source: string = await understudy.address("getFileThumbnail", { file_id: "file" });
  new EventSource(await understudy.address("listEvents"));
  console.log(nothing, bytes.size, source);
}

/** Calls that do not fit. */
export async function wrong(understudy: Understudy): Promise<void> {
  // @ts-expect-error The id is missing.
  await understudy.getWorkflow();
  // @ts-expect-error There is no such shape.
  await understudy.getWorkflow({ workflow_id: "wf", shape: "svg" });
  // @ts-expect-error There is no such parameter.
  await understudy.getExecution({ workflow_id: "wf" });
  // @ts-expect-error A name is text.
  await understudy.createWorkflow({ body: { name: 5 } });
  // @ts-expect-error A list has no holes.
  await understudy.createWorkflow({ body: { nodes: [undefined] } });
  // @ts-expect-error Nor has a list of words.
  await understudy.createWorkflow({ body: { tags: ["a", undefined] } });
  // @ts-expect-error A file is no text.
  await understudy.uploadFiles({ body: { file: "a" } });
  // @ts-expect-error A page shows no workflow by itself.
  await understudy.address("getWorkflow", { workflow_id: "wf" });
  // @ts-expect-error Which file is not said.
  await understudy.address("getFileContent");
  // @ts-expect-error An address has no headers.
  await understudy.address("listEvents", { headers: {} });
  // @ts-expect-error The body is missing.
  await understudy.createFault();
}

/** What a problem has besides is typed, too. */
export function possible(error: unknown): Problem["allowed"] {
  if (!(error instanceof ProblemError) || error.code !== "wrong_status") return undefined;
  const status: Workflow["status"] | undefined = error.problem.current_status;
  // @ts-expect-error No command has this name.
  const isFlying: boolean | undefined = error.problem.allowed?.includes("fly");
  return status === "paused" || isFlying ? error.problem.allowed : undefined;
}

/** The type of an event tells what its data is. */
export function describe(event: StreamedEvent): string {
  switch (event.type) {
    case "execution.created":
      return event.data.workflow_id;
    case "node.completed":
      return `${event.data.node_id} after ${event.data.duration_ms} ms`;
    case "connection.delivered":
      return `${event.data.items} over ${event.data.connection_id}`;
    case "log.reset":
      return "";
    default:
      return event.workflow_id;
  }
}

/** The codes that the contract has; a rule may make up others. */
type Known<Code> = Code extends string ? (string extends Code ? never : Code) : never;
export const known: Known<ProblemCode> = "revision_mismatch";
// @ts-expect-error No answer has it.
export const unknown: Known<ProblemCode> = "made_up_by_a_rule";
export const either: ProblemCode[] = ["revision_mismatch", "made_up_by_a_rule"];
