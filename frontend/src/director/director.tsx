/** The director. */
export default function Director({ onClose }: { onClose(): void }) {
  return <button onClick={onClose}>x</button>;
}
