/** Where this page is: the address of its sandbox, which is that of the page. */
export const BASE = new URL(".", location.href).pathname.replace(/\/$/, "");

/** The sandbox that the address names, by its path or its query; nothing is the default one. */
export const SANDBOX =
  /\/s\/([^/]+)$/.exec(BASE)?.[1] ?? new URLSearchParams(location.search).get("sandbox") ?? undefined;

const isInPath = BASE.endsWith(`/s/${SANDBOX}`);

/** Where a client finds this page's sandbox. */
export const PLACE = {
  baseUrl: `${location.origin}${BASE}`,
  ...(SANDBOX !== undefined && !isInPath && { sandbox: SANDBOX }),
};

/** The address of this console in another sandbox. */
export function consoleOf(sandbox: string): string {
  return `${BASE.replace(/\/s\/[^/]+$/, "")}/s/${encodeURIComponent(sandbox)}/`;
}
