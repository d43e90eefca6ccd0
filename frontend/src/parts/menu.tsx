import type { LucideIcon } from "lucide-react";
import { type KeyboardEvent, useEffect, useId, useRef } from "react";

import { Button } from "./button.tsx";
import styles from "./menu.module.css";

interface MenuItem {
  readonly name: string;
  readonly icon: LucideIcon;
  readonly isDanger?: boolean;
  act(): void;
}

interface MenuProps {
  readonly label: string;
  readonly icon: LucideIcon;
  readonly items: readonly MenuItem[];
}

/** A button that opens a list of things to do; the arrow keys go through it, Escape closes it. */
export function Menu({ label, icon, items }: MenuProps) {
  const id = useId();
  const list = useRef<HTMLDivElement>(null);
  const button = useRef<HTMLSpanElement>(null);
  useEffect(() => {
    const { current } = list;
    const place = (event: ToggleEvent) => event.newState === "open" && putBelow(current!, button.current!);
    const enter = (event: ToggleEvent) => event.newState === "open" && itemsOf(current!)[0]?.focus();
    current?.addEventListener("beforetoggle", place);
    current?.addEventListener("toggle", enter);
    return () => {
      current?.removeEventListener("beforetoggle", place);
      current?.removeEventListener("toggle", enter);
    };
  }, []);
  return (
    <span ref={button}>
      <Button icon={icon} look="quiet" isIconOnly aria-haspopup="menu" popoverTarget={id}>
        {label}
      </Button>
      <div ref={list} id={id} popover="auto" role="menu" aria-label={label} className={styles.menu} onKeyDown={goOn}>
        {items.map(({ name, icon: Icon, isDanger, act }) => (
          <button
            key={name}
            type="button"
            role="menuitem"
            tabIndex={-1}
            className={isDanger ? styles.danger : styles.item}
            onClick={() => {
              list.current?.hidePopover();
              act();
            }}
          >
            <Icon size={16} aria-hidden />
            {name}
          </button>
        ))}
      </div>
    </span>
  );
}

function goOn(event: KeyboardEvent<HTMLDivElement>) {
  const items = itemsOf(event.currentTarget);
  const at = items.indexOf(document.activeElement as HTMLElement);
  const to = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: -1 }[event.key];
  if (event.key === "Tab") event.currentTarget.hidePopover();
  if (to === undefined) return;
  event.preventDefault();
  items.at(to % items.length)?.focus();
}

function itemsOf(list: HTMLElement): readonly HTMLElement[] {
  return [...list.querySelectorAll<HTMLElement>("[role=menuitem]")];
}

/** Below the button, and within the page. */
function putBelow(list: HTMLElement, button: HTMLElement): void {
  const { bottom, left } = button.getBoundingClientRect();
  list.style.top = `${bottom + 4}px`;
  list.style.left = `${Math.max(8, Math.min(left, innerWidth - WIDTH - 8))}px`;
}

const WIDTH = 240;
