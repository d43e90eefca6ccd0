import { expect, test } from "vitest";

import { momentIn, split, toField } from "../src/director/moment.ts";
import { nameFrom } from "../src/director/names.ts";

const NOW = "2026-01-01T09:00:00.000Z";

test("a moment is shown by its day and its time in UTC", () => {
  expect(split(Date.parse(NOW))).toEqual({ date: "Thursday, January 1, 2026", time: "09:00:00.000" });
});

test("a field for moments is read as UTC", () => {
  expect(momentIn("2026-01-01T10:00")).toBe("2026-01-01T10:00:00.000Z");
  expect(momentIn(toField(NOW))).toBe(NOW);
  expect(momentIn("")).toBeUndefined();
});

test("a snapshot takes its name from the file, as far as a name can be so", () => {
  expect(nameFrom("half way (2).JSON")).toBe("half-way-2-");
  expect(nameFrom("é.json")).toBe("");
});
