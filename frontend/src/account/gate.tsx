import { Fragment, lazy, type ReactNode, Suspense, useEffect, useRef } from "react";

import { useSession } from "../api/session.ts";
import { Button } from "../parts/button.tsx";
import { wordsOf } from "../parts/notices.tsx";
import styles from "./account.module.css";
import { useHealth } from "./auth.ts";

const LoginPage = lazy(() => import("./login-page.tsx"));

/** Lets people in: where the server asks who they are, they log in first. Each user finds a page of their own. */
export function Gate({ children }: { readonly children: ReactNode }) {
  const { data, error, refetch } = useHealth();
  const userId = useSession(({ session }) => session?.user.id);
  useFocusOnChange(userId);
  if (!data) return error ? <Unreachable error={error} onRetry={() => void refetch()} /> : null;
  if (data.auth === "required" && userId === undefined)
    return (
      <Suspense>
        <LoginPage />
      </Suspense>
    );
  return <Fragment key={userId ?? "nobody"}>{children}</Fragment>;
}

/** Who has just logged in or out begins at the content, for the form that had the focus is gone. */
function useFocusOnChange(userId: string | undefined): void {
  const before = useRef(userId);
  useEffect(() => {
    if (before.current === userId) return;
    before.current = userId;
    document.getElementById("main")?.focus();
  }, [userId]);
}

function Unreachable({ error, onRetry }: { readonly error: Error; onRetry(): void }) {
  return (
    <main className={styles.page}>
      <div className={styles.card}>
        <h1>Nobody answers</h1>
        <p role="alert">{wordsOf(error)}</p>
        <Button look="main" onClick={onRetry}>
          Try again
        </Button>
      </div>
    </main>
  );
}
