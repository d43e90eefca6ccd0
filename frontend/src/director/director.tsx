import {
  BookOpen,
  Box,
  Camera,
  CircleAlert,
  Clapperboard,
  Clock as ClockIcon,
  type LucideIcon,
  ScrollText,
  X,
} from "lucide-react";
import { type ComponentType, useEffect } from "react";
import { create } from "zustand";

import { access, useControl } from "../api/control.ts";
import { listen } from "../api/live.ts";
import { queries } from "../api/queries.ts";
import { Button } from "../parts/button.tsx";
import { Tabs } from "../parts/tabs.tsx";
import { Clock } from "./clock.tsx";
import styles from "./director.module.css";
import { Faults } from "./faults.tsx";
import { LastDone } from "./last-done.tsx";
import { Requests } from "./requests.tsx";
import { Sandboxes } from "./sandboxes.tsx";
import { Scenarios } from "./scenarios.tsx";
import { Snapshots } from "./snapshots.tsx";
import { TokenForm } from "./token-form.tsx";

/** The parts of the panel. */
export type Section = "clock" | "faults" | "snapshots" | "scenarios" | "requests" | "sandbox";

const SECTIONS: Readonly<Record<Section, readonly [name: string, icon: LucideIcon, content: ComponentType]>> = {
  clock: ["Clock", ClockIcon, Clock],
  faults: ["Faults", CircleAlert, Faults],
  snapshots: ["Snapshots", Camera, Snapshots],
  scenarios: ["Scenarios", BookOpen, Scenarios],
  requests: ["Requests", ScrollText, Requests],
  sandbox: ["Sandbox", Box, Sandboxes],
};

const TABS = Object.entries(SECTIONS).map(([name, [words, Icon]]) => ({
  name: name as Section,
  label: (
    <span className={styles.tab}>
      <Icon size={16} aria-hidden />
      {words}
    </span>
  ),
}));

const useSection = create<{ readonly section: Section }>()(() => ({ section: "clock" }));

/** Show a part of the panel. */
export function showSection(section: Section): void {
  useSection.setState({ section });
}

/** What directs the sandbox: its clock, its faults, what it holds and what it was asked. */
export default function Director({ onClose }: { onClose(): void }) {
  const hasToken = useControl(({ token }) => token !== "");
  useFollowing();
  return (
    <aside className={styles.director} aria-label="Director">
      <header className={styles.head}>
        <Clapperboard size={16} aria-hidden />
        <h2>Director</h2>
        <Button icon={X} look="quiet" isIconOnly onClick={onClose}>
          Close the director
        </Button>
      </header>
      {access() === "closed" && <Closed />}
      {access() === "token" && !hasToken && <TokenForm />}
      {(access() === "open" || (access() === "token" && hasToken)) && <Sections />}
    </aside>
  );
}

/** What is seen where nobody may direct. */
function Closed() {
  return (
    <p className={styles.content}>
      This server listens beyond its own machine and has no control token, so nobody may direct it. Start it with
      --control-token.
    </p>
  );
}

function Sections() {
  const { section } = useSection();
  const Content = SECTIONS[section][2];
  return (
    <>
      <div className={styles.sections}>
        <Tabs label="Parts of the director" tabs={TABS} current={section} onChange={showSection}>
          <div className={styles.content}>
            <Content />
          </div>
        </Tabs>
      </div>
      <LastDone />
    </>
  );
}

const REST_MS = 400;

/** While events come, what the panel shows is read again, but never more often than it can be looked at. */
function useFollowing(): void {
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    function refresh(): void {
      timer = undefined;
      void queries.invalidateQueries({ queryKey: ["control"] });
    }
    const leave = listen(() => {
      timer ??= setTimeout(refresh, REST_MS);
    });
    return () => {
      leave();
      clearTimeout(timer);
    };
  }, []);
}
