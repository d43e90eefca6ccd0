import { useQuery } from "@tanstack/react-query";
import type { Health } from "understudy-client";

import { HEALTH } from "../api/health.ts";

/** What the server says of itself: among other things whether people log in. */
export function useHealth() {
  return useQuery(HEALTH);
}

/** Whether people log in; nothing until the server has said so. */
export function useAuth(): Health["auth"] | undefined {
  return useHealth().data?.auth;
}
