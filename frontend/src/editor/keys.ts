import { useEffect } from "react";

import { type Commands, useCommands } from "./commands.ts";
import { GRID } from "./graph.ts";
import { toggleDock, togglePalette } from "./view.ts";

/** What some keys do. `Mod` is Ctrl, and Cmd on a Mac. */
interface Shortcut {
  readonly keys: readonly string[];
  readonly does: string;
  /** Nothing where the browser itself tells of it, or React Flow does it. */
  readonly run?: (commands: Commands) => void;
}

/** A part of the shortcuts, with a title. */
interface Shortcuts {
  readonly title: string;
  readonly shortcuts: readonly Shortcut[];
}

const LARGE = 10 * GRID;

/** Every shortcut of the editor: what is pressed, and what people read about it. */
export const SHORTCUTS: readonly Shortcuts[] = [
  {
    title: "Edit",
    shortcuts: [
      { keys: ["Mod+Z"], does: "Undo", run: ({ undo }) => undo() },
      { keys: ["Mod+Shift+Z", "Mod+Y"], does: "Redo", run: ({ redo }) => redo() },
      { keys: ["Mod+C"], does: "Copy" },
      { keys: ["Mod+X"], does: "Cut" },
      { keys: ["Mod+V"], does: "Paste" },
      { keys: ["Mod+D"], does: "Duplicate", run: ({ duplicate }) => duplicate() },
      { keys: ["Delete", "Backspace"], does: "Delete", run: ({ remove }) => remove() },
      { keys: ["Shift+T"], does: "Tidy up", run: ({ tidy }) => void tidy() },
    ],
  },
  {
    title: "Select and move",
    shortcuts: [
      { keys: ["Tab"], does: "Go to the next node or connection" },
      { keys: ["Enter", "Space"], does: "Select it" },
      { keys: ["Mod+A"], does: "Select all", run: ({ selectAll }) => selectAll() },
      { keys: ["Escape"], does: "Select nothing", run: ({ selectNone }) => selectNone() },
      { keys: ["Shift+drag"], does: "Select what is in a box" },
      { keys: ["ArrowLeft"], does: "Move left", run: ({ move }) => move({ x: -GRID, y: 0 }) },
      { keys: ["ArrowRight"], does: "Move right", run: ({ move }) => move({ x: GRID, y: 0 }) },
      { keys: ["ArrowUp"], does: "Move up", run: ({ move }) => move({ x: 0, y: -GRID }) },
      { keys: ["ArrowDown"], does: "Move down", run: ({ move }) => move({ x: 0, y: GRID }) },
      { keys: ["Shift+ArrowLeft"], does: "Move far left", run: ({ move }) => move({ x: -LARGE, y: 0 }) },
      { keys: ["Shift+ArrowRight"], does: "Move far right", run: ({ move }) => move({ x: LARGE, y: 0 }) },
      { keys: ["Shift+ArrowUp"], does: "Move far up", run: ({ move }) => move({ x: 0, y: -LARGE }) },
      { keys: ["Shift+ArrowDown"], does: "Move far down", run: ({ move }) => move({ x: 0, y: LARGE }) },
    ],
  },
  {
    title: "View",
    shortcuts: [
      { keys: ["F", "Shift+1"], does: "Show the whole workflow", run: ({ fit }) => fit() },
      { keys: ["+"], does: "Zoom in", run: ({ zoom }) => zoom(1.25) },
      { keys: ["-"], does: "Zoom out", run: ({ zoom }) => zoom(0.8) },
      { keys: ["/"], does: "Search the palette", run: ({ search }) => search() },
      { keys: ["P"], does: "Open or close the palette", run: togglePalette },
      { keys: ["B"], does: "Open or close the panel below", run: toggleDock },
      { keys: ["?"], does: "Show the shortcuts", run: ({ toggleHelp }) => toggleHelp() },
    ],
  },
];

const ALL = SHORTCUTS.flatMap((part) => part.shortcuts);

/** Listen to the keys while the editor is there. They do nothing while somebody types, or a dialog is open. */
export function useKeys(): void {
  const commands = useCommands();
  useEffect(() => {
    const listening = new AbortController();
    const { signal } = listening;
    document.addEventListener("keydown", (event) => press(event, commands), { signal, capture: true });
    for (const name of ["copy", "cut", "paste"] as const) {
      document.addEventListener(name, (event) => exchange(event, commands[name]), { signal });
    }
    return () => listening.abort();
  }, [commands]);
}

/** Whether an event is what a shortcut such as `Mod+Shift+Z` names. */
function isPressed(keys: string, event: KeyboardEvent): boolean {
  const parts = keys.split("+");
  const key = keys.endsWith("+") ? "+" : parts.at(-1)!;
  const isMod = event.ctrlKey || event.metaKey;
  if (event.altKey || isMod !== parts.includes("Mod")) return false;
  // Which key a sign is on differs from keyboard to keyboard, and so does whether it needs Shift.
  if (/^[?+/-]$/.test(key)) return event.key === key;
  const isKey = /^\d$/.test(key) ? event.code === `Digit${key}` : event.key.toLowerCase() === key.toLowerCase();
  return isKey && event.shiftKey === parts.includes("Shift");
}

function press(event: KeyboardEvent, commands: Commands): void {
  if (isTaken(event.target)) return;
  const shortcut = ALL.find(({ keys }) => keys.some((key) => isPressed(key, event)));
  if (!shortcut?.run || !(isOnCanvas(event.target) || isForAll(event))) return;
  event.preventDefault();
  // React Flow would move the nodes as well, by steps that cannot be undone.
  event.stopPropagation();
  shortcut.run(commands);
}

function exchange(event: ClipboardEvent, act: (data: DataTransfer) => boolean): void {
  const hasText = getSelection()?.isCollapsed === false;
  if (!event.clipboardData || isTaken(event.target) || (hasText && event.type !== "paste")) return;
  if (act(event.clipboardData)) event.preventDefault();
}

/** A field has its own use for every key, and a dialog is not about the graph. */
function isTaken(target: EventTarget | null): boolean {
  const isField = target instanceof Element && target.matches("input, textarea, select, [contenteditable]");
  return isField || document.querySelector("dialog[open]") !== null;
}

/** A list, a slider or a button beside the canvas has its own use for plain keys. */
function isOnCanvas(target: EventTarget | null): boolean {
  const isNowhere = !(target instanceof Element) || target === document.body || target.id === "main";
  return isNowhere || target.closest(".react-flow") !== null;
}

function isForAll({ ctrlKey, metaKey, key }: KeyboardEvent): boolean {
  return ctrlKey || metaKey || key === "/" || key === "?";
}
