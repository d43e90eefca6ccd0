import { describe, expect, test } from "vitest";

import { cut, inOneLine } from "../src/data/json.ts";
import { referencesIn } from "../src/data/references.ts";
import { viewsOf } from "../src/data/views.ts";

const FILE = { id: "fl_1", name: "cat.png", kind: "image", content_type: "image/png", size: 12 };

describe("the view that fits best", () => {
  test.each([
    ["chart", { type: "pie", labels: ["a"], datasets: [{ label: "b", data: [1] }] }],
    ["files", { files: [FILE] }],
    ["files", FILE],
    ["table", [{ a: 1 }, { a: 2 }]],
    ["table", { ok: true, id: 7 }],
    ["table", { value: [{ a: 1 }], kind: "table", title: "Sales" }],
    ["text", "hello"],
    ["text", { text: "one\ntwo", model: "m" }],
    ["text", 7],
    ["text", null],
    ["tree", { status: 200, body: { a: 1 } }],
    ["tree", []],
  ])("is %s", (view, value) => {
    expect(viewsOf(value)[0]).toBe(view);
  });

  test("does not keep one from the tree", () => {
    expect(viewsOf([{ a: 1 }])).toEqual(["table", "tree"]);
    expect(viewsOf({ files: [FILE] })).toContain("tree");
  });
});

test("files are found wherever a value tells of them, each once", () => {
  const found = referencesIn({ a: [FILE, { b: FILE }], c: { id: "x", name: "no file" } });
  expect(found.map(({ id }) => id)).toEqual(["fl_1"]);
});

describe("large data", () => {
  test("is cut in lists and in texts", () => {
    expect(cut({ list: [1, 2, 3], text: "abcdef" }, 2, 4)).toEqual({
      value: { list: [1, 2], text: "abc…" },
      isCut: true,
    });
  });

  test("is left as it is where it is short", () => {
    expect(cut({ list: [1, 2] }, 2, 4)).toEqual({ value: { list: [1, 2] }, isCut: false });
  });

  test("ends where it is too deep to be looked at", () => {
    let deep: unknown = 1;
    for (let depth = 0; depth < 10_000; depth++) deep = [deep];
    expect(cut(deep, 2, 4).isCut).toBe(true);
  });

  test("fits on a line", () => {
    expect(inOneLine("a\n  b")).toBe("a b");
    expect(
      inOneLine(
        Array.from({ length: 500 }, () => "abc"),
        20,
      ),
    ).toHaveLength(20);
  });
});
