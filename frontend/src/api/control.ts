import { useQuery } from "@tanstack/react-query";
import { createUnderstudy, type Health, ProblemError, type Understudy } from "understudy-client";
import { create } from "zustand";
import { createJSONStorage, persist } from "zustand/middleware";

import { api } from "./client.ts";
import { HEALTH } from "./health.ts";
import { BASE } from "./here.ts";
import { queries } from "./queries.ts";

interface Held {
  /** The control token that was typed in, for as long as the tab. */
  readonly token: string;
}

/** The address of the server. */
export const SERVER = `${location.origin}${BASE.replace(/\/s\/[^/]+$/, "")}`;

export const useControl = create<Held>()(
  persist(() => ({ token: "" }) as Held, {
    name: "understudy.control",
    storage: createJSONStorage(() => sessionStorage),
  }),
);

/** What directs this page's sandbox, or another one: the client, showing the control token. */
export function controlOf(sandbox?: string): Understudy {
  return createUnderstudy({
    baseUrl: sandbox === undefined ? api.url : SERVER,
    ...(sandbox !== undefined && { sandbox }),
    fetch: sendWithToken,
  });
}

export const control: Understudy = controlOf();

/** The address of a sandbox, for any client; of this page's if none is named. */
export function addressOf(sandbox?: string): string {
  return sandbox === undefined ? api.url : `${SERVER}/s/${encodeURIComponent(sandbox)}`;
}

/** Who may direct, as the server said when the page was opened. */
export function useAccess(): Health["control"] {
  return useQuery(HEALTH).data?.control ?? "open";
}

/** Whether this page may direct: where the server wants a token, once it was typed in. */
export function useMayDirect(): boolean {
  const { token } = useControl();
  return isEnough(useAccess(), token);
}

/** The same at this moment. */
export function mayDirect(): boolean {
  const access = queries.getQueryData(HEALTH.queryKey)?.control ?? "open";
  return isEnough(access, useControl.getState().token);
}

function isEnough(access: Health["control"], token: string): boolean {
  return access === "open" || (access === "token" && token !== "");
}

/** Try a control token, and keep it for as long as the tab if it is right; gives whether it is. */
export async function tryToken(token: string): Promise<boolean> {
  if (!canBeSent(token)) return false;
  try {
    const headers = { Authorization: `Bearer ${token}` };
    await createUnderstudy({ baseUrl: SERVER, headers }).listScenarios();
  } catch (error) {
    if (error instanceof ProblemError && error.status === 401) return false;
    throw error;
  }
  useControl.setState({ token });
  return true;
}

/** Whether a header can hold a text; a token that none can hold cannot be right. */
function canBeSent(text: string): boolean {
  try {
    new Headers({ Authorization: text });
    return true;
  } catch {
    return false;
  }
}

async function sendWithToken(request: Request): Promise<Response> {
  const { token } = useControl.getState();
  if (token) request.headers.set("Authorization", `Bearer ${token}`);
  const response = await fetch(request);
  if (response.status === 401) useControl.setState({ token: "" });
  return response;
}
