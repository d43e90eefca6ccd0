/** What a node took and gave in the execution that is shown. */
export default function NodeData({ nodeId }: { readonly nodeId: string }) {
  return <p>{nodeId}</p>;
}
