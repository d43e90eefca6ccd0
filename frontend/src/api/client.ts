import { createUnderstudy, type Understudy } from "understudy-client";

import { PLACE } from "./here.ts";
import { freshToken, renewing, type Send } from "./renewal.ts";

/** The backend of this page's sandbox, as whoever is logged in. */
export const api: Understudy = createClient();

/** The same backend over another way to send requests, such as one that tells how far an upload is. */
export function createClient(send: Send = (request) => fetch(request)): Understudy {
  return createUnderstudy({ ...PLACE, token: freshToken, fetch: renewing(send) });
}
