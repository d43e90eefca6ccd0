/** The types of nodes that can be added. */
export function Palette() {
  return null;
}
