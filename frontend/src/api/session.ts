import type { Session } from "understudy-client";
import { create } from "zustand";
import { createJSONStorage, persist } from "zustand/middleware";

import { BASE, SANDBOX } from "./here.ts";
import { queries } from "./queries.ts";

interface Held {
  readonly session: Session | null;
  /** When its tokens came, in milliseconds of real time. */
  readonly since: number;
  /** Whether the last login ended without a word of the user. */
  readonly hasEnded: boolean;
}

/** Who is logged in; it lasts as long as the tab. */
export const useSession = create<Held>()(
  persist(() => ({ session: null, since: 0, hasEnded: false }) as Held, {
    name: `understudy.session${BASE}?${SANDBOX ?? ""}`,
    storage: createJSONStorage(() => sessionStorage),
  }),
);

/** Keep the tokens of a login, or forget them. What one user has read, another does not see. */
export function setSession(session: Session | null): void {
  if (session?.user.id !== userId()) forgetAll();
  useSession.setState({ session, since: Date.now(), hasEnded: false });
}

/** The server takes the tokens no more. */
export function endSession(): void {
  setSession(null);
  useSession.setState({ hasEnded: true });
}

/** The id of who is logged in. */
export function userId(): string | undefined {
  return useSession.getState().session?.user.id;
}

/** The token that requests show, if somebody is logged in. */
export function accessToken(): string | undefined {
  return useSession.getState().session?.access_token;
}

/** Forget what was read, but for what the server says of itself, which is the same for everybody. */
function forgetAll(): void {
  queries.removeQueries({ predicate: ({ queryKey }) => queryKey[0] !== "health" });
}
