import type { Session } from "understudy-client";
import { create } from "zustand";
import { createJSONStorage, persist } from "zustand/middleware";

import { BASE } from "./here.ts";

interface Held {
  readonly session: Session | null;
}

/** Who is logged in; it lasts as long as the tab. */
export const useSession = create<Held>()(
  persist(() => ({ session: null }) as Held, {
    name: `understudy.session${BASE}`,
    storage: createJSONStorage(() => sessionStorage),
  }),
);

/** Keep the tokens of a login, or forget them. */
export function setSession(session: Session | null): void {
  useSession.setState({ session });
}

/** The token that requests show, if somebody is logged in. */
export function accessToken(): string | undefined {
  return useSession.getState().session?.access_token;
}
