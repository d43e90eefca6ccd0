/** Templates. */
export default function Templates() {
  return <h1>Templates</h1>;
}
