import { useQuery } from "@tanstack/react-query";
import type { Health } from "understudy-client";

import { api } from "../api/client.ts";

/** What the server says of itself: among other things whether people log in. */
export function useHealth() {
  return useQuery({ queryKey: ["health"], queryFn: () => api.getServerHealth(), staleTime: Infinity });
}

/** Whether people log in; nothing until the server has said so. */
export function useAuth(): Health["auth"] | undefined {
  return useHealth().data?.auth;
}
