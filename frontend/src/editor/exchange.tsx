/** Takes a workflow out of the editor as a file, or one in. */
export function Exchange() {
  return null;
}
