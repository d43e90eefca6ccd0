import { describe, expect, test } from "vitest";

import { gridOf, nextOrder, sorted, toCsv } from "../src/data/rows.ts";

describe("a value as a table", () => {
  test("has a column for every member of any object in a list", () => {
    expect(gridOf([{ a: 1 }, { b: 2, a: 3 }])).toEqual({ columns: ["a", "b"], rows: [{ a: 1 }, { b: 2, a: 3 }] });
  });

  test("has one column for a list of anything else", () => {
    expect(gridOf([1, "two"])?.rows).toEqual([{ value: 1 }, { value: "two" }]);
  });

  test("takes its rows from the list that an object is about", () => {
    expect(gridOf({ rows: [{ a: 1 }], row_count: 1 })).toEqual({ columns: ["a"], rows: [{ a: 1 }], from: "rows" });
  });

  test("shows an object as its fields", () => {
    expect(gridOf({ a: 1, b: [2] })?.rows).toEqual([
      { field: "a", value: 1 },
      { field: "b", value: [2] },
    ]);
  });

  test("has a row for each place along a chart", () => {
    const chart = {
      type: "bar",
      title: "",
      labels: ["north", "south"],
      datasets: [{ label: "sales", data: [3, null] }],
    };
    expect(gridOf(chart)).toEqual({
      columns: ["label", "sales"],
      rows: [
        { label: "north", sales: 3 },
        { label: "south", sales: null },
      ],
    });
  });

  test.each([[[]], [{}], ["text"], [7], [null]])("is none of %j", (value) => {
    expect(gridOf(value)).toBeUndefined();
  });
});

describe("sorting", () => {
  const rows = [{ n: 10 }, { n: null }, { n: 9 }, {}, { n: 2 }];

  test("puts numbers in their order, and what is missing last, up and down", () => {
    expect(sorted(rows, { column: "n", isDown: false }).map(({ n }) => n)).toEqual([2, 9, 10, null, undefined]);
    expect(sorted(rows, { column: "n", isDown: true }).map(({ n }) => n)).toEqual([10, 9, 2, null, undefined]);
  });

  test("knows numbers within words", () => {
    const files = [{ name: "b10" }, { name: "b9" }];
    expect(sorted(files, { column: "name", isDown: false })).toEqual([{ name: "b9" }, { name: "b10" }]);
  });

  test("goes up, down, and back to how the rows came", () => {
    const up = nextOrder(undefined, "n");
    const down = nextOrder(up, "n");
    expect([up?.isDown, down?.isDown, nextOrder(down, "n")]).toEqual([false, true, undefined]);
    expect(nextOrder(down, "m")).toEqual({ column: "m", isDown: false });
  });
});

test("CSV has quotes where it needs them, and nested data as JSON", () => {
  const csv = toCsv({ columns: ["a", "b,c"], rows: [{ a: 'say "hi"', "b,c": [1, 2] }, { a: null }] });
  expect(csv).toBe('a,"b,c"\r\n"say ""hi""","[1,2]"\r\n,');
});
