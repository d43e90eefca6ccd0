const FINAL: ReadonlySet<string> = new Set(["completed", "failed", "stopped", "skipped"]);

/** Whether nothing follows a status of an execution or of a node. */
export function isFinal(status: string): boolean {
  return FINAL.has(status);
}
