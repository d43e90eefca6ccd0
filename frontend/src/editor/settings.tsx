/** How a node is configured. */
export default function Settings({ nodeId }: { readonly nodeId: string }) {
  return <p>{nodeId}</p>;
}
