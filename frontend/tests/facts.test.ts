import type { File } from "understudy-client";
import { expect, test } from "vitest";

import { factsOf, findingsOf } from "../src/files/facts.ts";

const file = {
  id: "fl_1",
  name: "a.png",
  size: 2222,
  content_type: "image/png",
  kind: "image",
  sha256: "abc",
  owner_id: "us_demo",
  width: 512,
  height: 256,
  metadata: {},
  thumbnail_url: "",
  content_url: "",
  created_at: "2026-01-01T09:00:00.000Z",
} satisfies File;

test("a file without dimensions says nothing of them", () => {
  const labels = (one: File) => factsOf(one).map(({ label }) => label);
  expect(labels(file)).toContain("Dimensions");
  expect(labels({ ...file, width: null, height: null })).not.toContain("Dimensions");
});

test("what lies within something is told beside it, by a name that people read", () => {
  const found = findingsOf({
    duration_ms: 1500,
    exif: { DateTimeOriginal: "2025" },
    header: ["a", "b"],
    animated: false,
  });
  expect(found).toEqual([
    { label: "Duration", value: "1.5 s" },
    { label: "EXIF: Date Time Original", value: "2025" },
    { label: "Header", value: "a, b" },
    { label: "Animated", value: "no" },
  ]);
});

test("what is not known is left out, and what is long is cut", () => {
  expect(findingsOf({ title: null, tags: [], author: "" })).toEqual([]);
  expect(findingsOf({ text: "x".repeat(5000) })[0]!.value.length).toBeLessThan(600);
});
