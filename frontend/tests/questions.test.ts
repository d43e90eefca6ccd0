import type { WaitingFor } from "understudy-client";
import { expect, test } from "vitest";

import { answerOf, questionOf } from "../src/run/questions.ts";

function asking(properties: object, options: readonly object[] = [], required: readonly string[] = []): WaitingFor {
  return { schema: { type: "object", properties, required }, options } as unknown as WaitingFor;
}

const APPROVAL = asking(
  { decision: { title: "Decision", enum: ["approved", "rejected"] }, comment: { title: "Comment", type: "string" } },
  [
    { id: "approved", label: "Approve" },
    { id: "rejected", label: "Reject" },
  ],
);

test("what the buttons decide is no field", () => {
  const question = questionOf(APPROVAL);
  expect(question.choices.map(({ label }) => label)).toEqual(["Approve", "Reject"]);
  expect(question.fields.map(({ name }) => name)).toEqual(["comment"]);
});

test("the button and what was filled in are the answer, and nothing else is", () => {
  const question = questionOf(APPROVAL);
  expect(answerOf(question, {}, "rejected")).toEqual({ decision: "rejected" });
  expect(answerOf(question, { comment: "No." }, "rejected")).toEqual({ decision: "rejected", comment: "No." });
});

test("answers have the types that the form asks for", () => {
  const question = questionOf(
    asking({
      count: { type: "number" },
      isUrgent: { type: "boolean" },
      size: { enum: [1, 2] },
      note: { type: "string", format: "textarea" },
      tags: { type: "array" },
    }),
  );
  const texts = { count: "3.5", isUrgent: "true", size: "2", note: "5", tags: '["a"]' };
  expect(answerOf(question, texts)).toEqual({ count: 3.5, isUrgent: true, size: 2, note: "5", tags: ["a"] });
});

test("defaults are filled in", () => {
  const question = questionOf(
    asking({ name: { type: "string", default: "Mira" }, size: { enum: [1, 2], default: 2 } }),
  );
  expect(answerOf(question, {})).toEqual({ name: "Mira", size: 2 });
});

test("what is no JSON is sent as it is, and the server judges", () => {
  expect(answerOf(questionOf(asking({ tags: { type: "array" } })), { tags: "[oops" })).toEqual({ tags: "[oops" });
});
