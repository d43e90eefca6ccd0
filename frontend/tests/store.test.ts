import type { Workflow } from "understudy-client";
import { expect, test } from "vitest";

import { createEditorStore } from "../src/editor/store.ts";

const WORKFLOW = {
  name: "Small",
  description: "",
  tags: [],
  nodes: [{ id: "a", type: "group", position: { x: 1, y: 2 }, data: {} }],
  connections: [],
} as unknown as Workflow;

const GROWN = [
  { id: "a", type: "position", position: { x: 0, y: 0 } },
  { id: "a", type: "dimensions", dimensions: { width: 400, height: 300 }, setAttributes: true },
] as const;

test("what is measured changes no document", () => {
  const editor = createEditorStore(WORKFLOW, "1");
  editor.changeNodes([...GROWN]);
  editor.changeNodes([{ id: "a", type: "dimensions", dimensions: { width: 200, height: 56 } }]);
  const [node] = editor.getState().nodes;
  expect(node).toEqual({ ...WORKFLOW.nodes[0], measured: { width: 200, height: 56 } });
});

test("what is dragged or resized changes the document, as one step", () => {
  const editor = createEditorStore(WORKFLOW, "1");
  editor.begin();
  editor.changeNodes([...GROWN]);
  editor.settle();
  expect(editor.getState().nodes[0]).toMatchObject({ position: { x: 0, y: 0 }, width: 400, height: 300 });
  editor.undo();
  expect(editor.getState().nodes[0]).toMatchObject({ position: { x: 1, y: 2 } });
  expect(editor.getState().nodes[0]).not.toHaveProperty("width");
});
