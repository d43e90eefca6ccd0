import { createUnderstudy, type Understudy } from "understudy-client";

import { BASE, SANDBOX } from "./here.ts";
import { accessToken } from "./session.ts";

const inPath = BASE.endsWith(`/s/${SANDBOX}`);

/** The backend of this page's sandbox, as whoever is logged in. */
export const api: Understudy = createClient();

/** The same backend over another way to send requests, such as one that tells how far an upload is. */
export function createClient(fetch?: (request: Request) => Promise<Response>): Understudy {
  return createUnderstudy({
    baseUrl: `${location.origin}${BASE}`,
    token: accessToken,
    ...(SANDBOX !== undefined && !inPath && { sandbox: SANDBOX }),
    ...(fetch && { fetch }),
  });
}
