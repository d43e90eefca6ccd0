import { create } from "zustand";

/** The panels below the canvas. */
export type DockTab = "timeline" | "log" | "executions" | "issues";

/** What is open around the canvas. */
export interface View {
  readonly isPaletteOpen: boolean;
  readonly isDockOpen: boolean;
  readonly dockTab: DockTab;
  readonly isHelpOpen: boolean;
}

const isWide = matchMedia("(width >= 720px)").matches;

export const useView = create<View>()(() => ({
  isPaletteOpen: isWide,
  isDockOpen: isWide,
  dockTab: "timeline",
  isHelpOpen: false,
}));

/** Open the palette, or close it. */
export function togglePalette(): void {
  useView.setState(({ isPaletteOpen }) => ({ isPaletteOpen: !isPaletteOpen }));
}

/** Open what lies below the canvas, or close it. */
export function toggleDock(): void {
  useView.setState(({ isDockOpen }) => ({ isDockOpen: !isDockOpen }));
}

/** Show one of the panels below the canvas. */
export function showInDock(dockTab: DockTab): void {
  useView.setState({ dockTab, isDockOpen: true });
}
