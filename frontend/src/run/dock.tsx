/** What lies below the canvas: timeline, log, executions, issues. */
export function Dock({ workflowId }: { readonly workflowId: string }) {
  return <span hidden>{workflowId}</span>;
}
