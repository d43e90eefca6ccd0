import { createUnderstudy, ProblemError, type Session } from "understudy-client";

import { isNearEnd, toMoment } from "./expiry.ts";
import { PLACE } from "./here.ts";
import { accessToken, endSession, setSession, userId, useSession } from "./session.ts";

/** What sends a request. */
export type Send = (request: Request) => Promise<Response>;

/** A client of nobody, for it asks for tokens itself. */
const anyone = createUnderstudy(PLACE);
const state: { heard?: { readonly at: number; readonly since: number }; renewal?: Promise<void> } = {};

/** Keep in mind what time it is in the sandbox: tokens live on its clock. */
export function hearTime(at: string): void {
  state.heard = { at: Date.parse(at), since: Date.now() };
}

/** A token that is good for a while yet, if somebody is logged in. */
export async function freshToken(): Promise<string | undefined> {
  const { session, since } = useSession.getState();
  const heard = state.heard ?? (session && { at: toMoment(session.access_token), since });
  if (session && heard && isNearEnd(session.access_token, heard.at + Date.now() - heard.since)) await renew();
  return accessToken();
}

/** Sends requests, and those again whose token had expired on the way, for the same user: a clock can jump. */
export function renewing(send: Send): Send {
  return async (request) => {
    if (!request.headers.has("Authorization")) return send(request);
    const again = request.clone();
    const sender = userId();
    const response = await send(request);
    if (response.status !== 401) return response;
    const shown = request.headers.get("Authorization");
    if ((await codeOf(response)) === "token_expired") await renewFor(shown);
    else forgetFor(shown);
    const token = accessToken();
    if (token === undefined || userId() !== sender) return response;
    again.headers.set("Authorization", `Bearer ${token}`);
    return send(again);
  };
}

/** New tokens, unless others came since the request was sent. */
async function renewFor(shown: string | null): Promise<void> {
  if (shown === `Bearer ${accessToken()}`) await renew();
}

/** The login has ended, unless there is another since the request was sent. */
function forgetFor(shown: string | null): void {
  if (shown === `Bearer ${accessToken()}`) endSession();
}

/** New tokens, once for all who wait: a refresh token that is shown twice ends the login. */
function renew(): Promise<void> {
  state.renewal ??= change().finally(() => delete state.renewal);
  return state.renewal;
}

async function change(): Promise<void> {
  const { session } = useSession.getState();
  if (!session) return;
  const renewed = await exchange(session.refresh_token);
  // Somebody may have logged out meanwhile, or somebody else in.
  if (useSession.getState().session !== session) return;
  delete state.heard;
  if (renewed) setSession(renewed);
  else endSession();
}

/** New tokens for a refresh token; nothing if it is not good any more. */
async function exchange(refresh_token: string): Promise<Session | null> {
  try {
    return await anyone.refresh({ body: { refresh_token } });
  } catch (error) {
    if (error instanceof ProblemError && error.status === 401) return null;
    throw error;
  }
}

async function codeOf(response: Response): Promise<unknown> {
  const problem: unknown = await response
    .clone()
    .json()
    .catch(() => null);
  return (problem as { readonly code?: unknown } | null)?.code;
}
