import { CircleUserRound, LogIn, LogOut } from "lucide-react";
import { lazy, Suspense, useId, useState } from "react";
import { ProblemError, type User as Account } from "understudy-client";

import { api } from "../api/client.ts";
import { setSession, useSession } from "../api/session.ts";
import { Button } from "../parts/button.tsx";
import { notifyOf } from "../parts/notices.tsx";
import styles from "./account.module.css";
import { useAuth } from "./auth.ts";

const LoginDialog = lazy(() => import("./login-dialog.tsx"));

/** Who is logged in, and the way to log in and out. */
export function User() {
  const auth = useAuth();
  const user = useSession(({ session }) => session?.user);
  if (auth === undefined || auth === "off") return null;
  return user ? <Menu user={user} /> : <Door />;
}

function Door() {
  const [isOpen, setOpen] = useState(false);
  return (
    <>
      <Button icon={LogIn} look="quiet" onClick={() => setOpen(true)}>
        Log in
      </Button>
      {isOpen && (
        <Suspense>
          <LoginDialog onClose={() => setOpen(false)} />
        </Suspense>
      )}
    </>
  );
}

function Menu({ user }: { readonly user: Account }) {
  const id = useId();
  return (
    <>
      <span className={styles.name}>
        <Button icon={CircleUserRound} look="quiet" popoverTarget={id} aria-label={labelOf(user)}>
          {user.name || user.username}
        </Button>
      </span>
      <div id={id} popover="auto" className={styles.menu} role="dialog" aria-label="User">
        <strong>{user.name || user.username}</strong>
        <dl>
          <dt>Username</dt>
          <dd>{user.username}</dd>
          <dt>Email</dt>
          <dd>{user.email || "none"}</dd>
          <dt>Role</dt>
          <dd>{user.role}</dd>
        </dl>
        <Button icon={LogOut} onClick={() => void logOut()}>
          Log out
        </Button>
      </div>
    </>
  );
}

function labelOf({ name, username, role }: Account): string {
  return `${name || username}, ${role}`;
}

/** End the login with all its tokens. One that has ended already is as good. */
async function logOut(): Promise<void> {
  try {
    await api.logout();
  } catch (error) {
    if (!(error instanceof ProblemError && error.status === 401)) return notifyOf(error);
  }
  setSession(null);
}
