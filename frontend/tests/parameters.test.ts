import { expect, test } from "vitest";

import { entriesOf, parametersOf, valuesOf } from "../src/templates/parameters.ts";

const parameters = parametersOf([
  { name: "text", default: "as it was" },
  { name: "count", type: "integer", default: 3 },
  { name: "share", type: "number" },
  { name: "loud", type: "boolean", default: true },
  { name: "level", type: "enum", enum: [1, "one", null], default: 1 },
  { name: "odd", type: "colour" },
]);

test("what is as it was is not sent", () => {
  expect(valuesOf(parameters, entriesOf(parameters))).toEqual({});
});

test("what was filled in is sent as what its type says", () => {
  const filled = { text: "new", count: "4", share: "0.5", loud: false, level: '"one"', odd: "red" };
  expect(valuesOf(parameters, filled)).toEqual({
    text: "new",
    count: 4,
    share: 0.5,
    loud: false,
    level: "one",
    odd: "red",
  });
});

test("an empty number leaves the default, an empty text is one", () => {
  const filled = { ...entriesOf(parameters), text: "", count: "" };
  expect(valuesOf(parameters, filled)).toEqual({ text: "" });
});

test("a parameter without a label is called by its name, and one of an unknown type is a text", () => {
  expect(parameters.at(-1)).toMatchObject({ label: "odd", type: "string" });
});
