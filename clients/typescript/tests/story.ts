import type { Execution, Sandbox, StreamedEvent, Workflow } from "../src/index.js";

/** A workflow of two nodes, one after the other, each taking a minute. */
export function slowWorkflow(understudy: Sandbox): Promise<Workflow> {
  const nodes = ["fetch", "report"].map((id, place) => ({
    id,
    type: "delay",
    position: { x: place * 280, y: 0 },
    data: { config: { seconds: 60 } },
  }));
  return understudy.createWorkflow({ body: { nodes, edges: [{ id: "e1", source: "fetch", target: "report" }] } });
}

/** An execution of it, begun and over. */
export async function finished(understudy: Sandbox): Promise<Execution> {
  const { id } = await started(understudy);
  await understudy.clock.until({ execution_id: id, status: "completed" });
  return understudy.getExecution({ execution_id: id });
}

/** An execution of it that has just begun. */
export async function started(understudy: Sandbox): Promise<Execution> {
  const { id } = await slowWorkflow(understudy);
  return understudy.executeWorkflow({ workflow_id: id });
}

/** All events until there are no more. */
export async function all(events: AsyncIterable<StreamedEvent>): Promise<StreamedEvent[]> {
  const found: StreamedEvent[] = [];
  for await (const event of events) found.push(event);
  return found;
}

/** Their numbers in their execution. */
export async function numbers(events: AsyncIterable<StreamedEvent>): Promise<(number | null)[]> {
  return (await all(events)).map((event) => event.seq);
}

/** The numbers from 1 on. */
export function upTo(last: number): number[] {
  return Array.from({ length: last }, (_, place) => place + 1);
}
