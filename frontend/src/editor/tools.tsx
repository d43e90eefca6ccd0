/** What is done with the graph as a whole: undo, redo, tidy up. */
export function Tools() {
  return null;
}
