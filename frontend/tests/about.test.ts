import { expect, test } from "vitest";

import { aboutOf, toDocument } from "../src/templates/about.ts";

test("tags are written with commas, and each is one once", () => {
  const about = aboutOf({ name: " A ", description: "d", category: "c", tags: ["x", "y"] });
  expect(about.tags).toBe("x, y");
  expect(toDocument({ ...about, tags: "x, , y,x " })).toEqual({
    name: "A",
    description: "d",
    category: "c",
    tags: ["x", "y"],
  });
});

test("an empty category is left to the server", () => {
  expect(toDocument({ name: "A", description: "", category: " ", tags: "" })).not.toHaveProperty("category");
});
