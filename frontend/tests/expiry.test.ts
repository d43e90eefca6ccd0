import { expect, test } from "vitest";

import { isNearEnd, toMoment } from "../src/api/expiry.ts";

const NINE = Date.parse("2026-01-01T09:00:00Z");

function tokenOf(claims: object): string {
  const coded = btoa(JSON.stringify(claims)).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
  return `head.${coded}.signature`;
}

test("a token is near its end in its last minute of the sandbox's time", () => {
  const token = tokenOf({ iat: NINE / 1000, exp: NINE / 1000 + 900, sub: "ÿ?>" });
  expect(toMoment(token)).toBe(NINE);
  expect(isNearEnd(token, NINE)).toBe(false);
  expect(isNearEnd(token, NINE + 840_000)).toBe(false);
  expect(isNearEnd(token, NINE + 840_001)).toBe(true);
});

test("a token that cannot be read is never near its end", () => {
  expect(isNearEnd("nonsense", NINE)).toBe(false);
});
