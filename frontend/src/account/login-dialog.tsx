import { Dialog } from "../parts/dialog.tsx";
import { Login } from "./login.tsx";

/** Logging in where one may, but need not. */
export default function LoginDialog({ onClose }: { onClose(): void }) {
  return (
    <Dialog title="Log in" onClose={onClose}>
      <Login />
    </Dialog>
  );
}
