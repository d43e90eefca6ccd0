import { useEditing } from "./store.ts";

/** The name of the workflow, and whether it is saved. */
export function Title() {
  return <h1>{useEditing((editing) => editing.name)}</h1>;
}
