/** What is wrong with the workflow. */
export function Issues() {
  return null;
}
