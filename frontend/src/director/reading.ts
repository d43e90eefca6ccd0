import { useQuery } from "@tanstack/react-query";

import { control } from "../api/control.ts";

/** The sandbox as a whole. */
export function useSandboxState() {
  return useQuery({ queryKey: ["control", "state"], queryFn: ({ signal }) => control.getState({ signal }) });
}

/** The sandboxes that are alive. */
export function useSandboxes() {
  const read = ({ signal }: { signal: AbortSignal }) => control.listSandboxes({ signal });
  return useQuery({ queryKey: ["control", "sandboxes"], queryFn: read, select: ({ items }) => items });
}

/** The rules that bend requests, nodes and streams. */
export function useFaults() {
  return useQuery({ queryKey: ["control", "faults"], queryFn: ({ signal }) => control.listFaults({ signal }) });
}

/** The snapshots of the sandbox. */
export function useSnapshots() {
  const read = ({ signal }: { signal: AbortSignal }) => control.listSnapshots({ signal });
  return useQuery({ queryKey: ["control", "snapshots"], queryFn: read, select: ({ items }) => items });
}

/** What a sandbox can be filled with. */
export function useScenarios() {
  const read = ({ signal }: { signal: AbortSignal }) => control.listScenarios({ signal });
  return useQuery({ queryKey: ["scenarios"], queryFn: read, select: ({ items }) => items });
}
