import { Clapperboard, FileStack, LayoutTemplate, ListVideo, Monitor, Moon, Sun, Workflow } from "lucide-react";
import { lazy, type ReactNode, Suspense, useEffect, useRef, useState } from "react";
import { Link, useLocation } from "wouter";

import { Lost } from "./account/lost.tsx";
import { User } from "./account/user.tsx";
import { SANDBOX } from "./api/here.ts";
import { followSandbox } from "./api/live.ts";
import { queries } from "./api/queries.ts";
import icon from "./icon.svg";
import { Boundary } from "./parts/boundary.tsx";
import { Button } from "./parts/button.tsx";
import { Notices } from "./parts/notices.tsx";
import styles from "./shell.module.css";
import { changeTheme, useTheme } from "./theme.ts";

const Director = lazy(() => import("./director/director.tsx"));

const ROOMS = [
  { to: "/", name: "Workflows", icon: Workflow },
  { to: "/executions", name: "Executions", icon: ListVideo },
  { to: "/templates", name: "Templates", icon: LayoutTemplate },
  { to: "/files", name: "Files", icon: FileStack },
] as const;

const THEMES = { system: Monitor, light: Sun, dark: Moon };

/** What is around every room: the way to the others, the sandbox, and the director's panel. */
export function Shell({ children }: { readonly children: ReactNode }) {
  const { theme } = useTheme();
  const [isDirecting, setDirecting] = useState(false);
  const directorButton = useRef<HTMLButtonElement>(null);
  const followAgain = useSandbox();
  function closeDirector() {
    setDirecting(false);
    directorButton.current?.focus();
  }
  return (
    <div className={styles.shell}>
      <a className={styles.skip} href="#main" onClick={goToMain}>
        To the content
      </a>
      <header className={styles.bar}>
        <Link href="/" className={styles.brand}>
          <img src={icon} alt="" width={24} height={24} />
          <span>Understudy</span>
        </Link>
        <Rooms />
        <div className={styles.tools}>
          <span className={styles.sandbox} title="The sandbox of this page">
            {SANDBOX ?? "default"}
          </span>
          <Lost onAgain={followAgain} />
          <User />
          <Button icon={THEMES[theme]} look="quiet" isIconOnly onClick={changeTheme}>
            {`Theme: ${theme}`}
          </Button>
          <Button
            ref={directorButton}
            icon={Clapperboard}
            look="quiet"
            aria-pressed={isDirecting}
            onClick={() => setDirecting(!isDirecting)}
          >
            Director
          </Button>
        </div>
      </header>
      <main id="main" className={styles.main} tabIndex={-1}>
        {children}
      </main>
      {isDirecting && (
        <Boundary>
          <Suspense>
            <Director onClose={closeDirector} />
          </Suspense>
        </Boundary>
      )}
      <Notices />
    </div>
  );
}

/** Follow the sandbox as long as the shell is there; what this gives begins anew. */
function useSandbox(): () => void {
  const [round, setRound] = useState(1);
  useEffect(() => {
    const following = new AbortController();
    void followSandbox(following.signal);
    if (round > 1) void queries.invalidateQueries();
    return () => following.abort();
  }, [round]);
  return () => setRound((round) => round + 1);
}

function Rooms() {
  const [place] = useLocation();
  const isHere = (to: string) => (to === "/" ? place === "/" || place.startsWith("/workflows") : place.startsWith(to));
  return (
    <nav className={styles.rooms} aria-label="Rooms">
      {ROOMS.map(({ to, name, icon: Icon }) => (
        <Link key={to} href={to} className={styles.room} aria-current={isHere(to) ? "page" : undefined}>
          <Icon size={16} aria-hidden />
          <span>{name}</span>
        </Link>
      ))}
    </nav>
  );
}

function goToMain(event: { preventDefault(): void }) {
  event.preventDefault();
  document.getElementById("main")?.focus();
}
