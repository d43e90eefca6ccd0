/** What a connection carried in the execution that is shown. */
export default function ConnectionData({ connectionId }: { readonly connectionId: string }) {
  return <p>{connectionId}</p>;
}
