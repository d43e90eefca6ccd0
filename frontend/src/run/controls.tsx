/** Run, pause, resume, step and stop. */
export function Controls({ workflowId }: { readonly workflowId: string }) {
  return <span hidden>{workflowId}</span>;
}
