/** Executions. */
export default function Executions() {
  return <h1>Executions</h1>;
}
