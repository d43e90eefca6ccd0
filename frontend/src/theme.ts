import { useSyncExternalStore } from "react";
import { create } from "zustand";
import { persist } from "zustand/middleware";

/** Light, dark, or as the system has it. */
export type Theme = "system" | "light" | "dark";

const NEXT: Readonly<Record<Theme, Theme>> = { system: "light", light: "dark", dark: "system" };

export const useTheme = create<{ readonly theme: Theme }>()(
  persist(() => ({ theme: "system" }) as { theme: Theme }, { name: "understudy.theme" }),
);

/** From the system's theme to light, dark, and back. */
export function changeTheme(): void {
  useTheme.setState(({ theme }) => ({ theme: NEXT[theme] }));
}

function show({ theme }: { readonly theme: Theme }): void {
  if (theme === "system") delete document.documentElement.dataset["theme"];
  else document.documentElement.dataset["theme"] = theme;
}

show(useTheme.getState());
useTheme.subscribe(show);

const dark = matchMedia("(prefers-color-scheme: dark)");

/** Whether it is dark now. */
export function useIsDark(): boolean {
  const { theme } = useTheme();
  const systemIsDark = useSyncExternalStore(subscribe, () => dark.matches);
  return theme === "system" ? systemIsDark : theme === "dark";
}

function subscribe(change: () => void): () => void {
  dark.addEventListener("change", change);
  return () => dark.removeEventListener("change", change);
}
