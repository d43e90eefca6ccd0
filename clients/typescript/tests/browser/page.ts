import { createUnderstudy, type Execution, fold, ProblemError } from "understudy-client";

const understudy = createUnderstudy({ baseUrl: new URLSearchParams(location.search).get("understudy") ?? "" });
const show = (id: string, text: string) => (document.getElementById(id)!.textContent = text);

let seconds = 0;
setInterval(() => {
  show("seconds", String(++seconds));
  show("now", new Date().toISOString());
}, 1000);

document.getElementById("run")!.addEventListener("click", () => {
  run().catch((error: unknown) => show("status", error instanceof ProblemError ? error.code : String(error)));
});

async function run(): Promise<void> {
  const nodes = [{ id: "wait", type: "delay", data: { config: { seconds: 60 } } }];
  const { id: workflow_id } = await understudy.createWorkflow({ body: { nodes } });
  const { id: execution_id } = await understudy.executeWorkflow({ workflow_id });
  const numbers: (number | null)[] = [];
  let state: Execution | undefined;
  for await (const event of understudy.events({ execution_id })) {
    state = fold(state, event);
    numbers.push(event.seq);
    show("status", state?.status ?? "");
    show("numbers", numbers.join(" "));
  }
}
