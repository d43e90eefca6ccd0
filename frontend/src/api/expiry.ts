/** Tokens are renewed when they are good for less than this. */
const SHORT_MS = 60_000;

/** When a token was made, in milliseconds of the sandbox's time. */
export function toMoment(token: string): number {
  return claimsOf(token).iat * 1000;
}

/** Whether a token is good for less than a minute from a moment of the sandbox's time on. */
export function isNearEnd(token: string, now: number): boolean {
  return claimsOf(token).exp * 1000 - now < SHORT_MS;
}

/** What a JSON Web Token says of itself; one that cannot be read is good for ever, as far as this page knows. */
function claimsOf(token: string): { readonly iat: number; readonly exp: number } {
  try {
    const { iat, exp } = JSON.parse(atob(base64Of(token))) as { iat: number; exp: number };
    return { iat, exp };
  } catch {
    return { iat: 0, exp: Infinity };
  }
}

function base64Of(token: string): string {
  return (token.split(".")[1] ?? "").replaceAll("-", "+").replaceAll("_", "/");
}
