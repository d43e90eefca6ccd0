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
import { type ComponentType, type KeyboardEvent, useEffect, useRef } from "react";
import { create } from "zustand";

import { useAccess, useMayDirect } from "../api/control.ts";
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
function showSection(section: Section): void {
  useSection.setState({ section });
}

/** What directs the sandbox: its clock, its faults, what it holds and what it was asked. */
export default function Director({ onClose }: { onClose(): void }) {
  const heading = useRef<HTMLHeadingElement>(null);
  const access = useAccess();
  const mayDirect = useMayDirect();
  function closeOnEscape(event: KeyboardEvent): void {
    if (event.key === "Escape" && !event.defaultPrevented && !isInDialog(event.target)) onClose();
  }
  useEffect(() => heading.current?.focus(), []);
  return (
    <aside className={styles.director} aria-label="Director" onKeyDown={closeOnEscape}>
      <header className={styles.head}>
        <Clapperboard size={16} aria-hidden />
        <h2 ref={heading} tabIndex={-1}>
          Director
        </h2>
        <Button icon={X} look="quiet" isIconOnly onClick={onClose}>
          Close the director
        </Button>
      </header>
      {access === "closed" && <Closed />}
      {access === "token" && !mayDirect && <TokenForm />}
      {mayDirect && <Sections />}
    </aside>
  );
}

/** Whether a key went to something that Escape closes first. */
function isInDialog(target: EventTarget): boolean {
  return target instanceof Element && target.closest("dialog") !== null;
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
