import { type ReactFlowInstance, useReactFlow, type XYPosition } from "@xyflow/react";
import { useMemo } from "react";
import { flushSync } from "react-dom";
import type { NodeType } from "understudy-client";

import { notifyOf } from "../parts/notices.tsx";
import { copied, doubled, pasted } from "./clipboard.ts";
import {
  freePlace,
  housed,
  newNode,
  USUAL_SIZE,
  withAllSelected,
  withMoved,
  withNode,
  withoutSelected,
} from "./graph.ts";
import { durationOf, WHOLE } from "./moving.ts";
import { type EditorStore, useEditor } from "./store.ts";
import { useView } from "./view.ts";

/** The search field of the palette. */
export const PALETTE_SEARCH = "palette-search";

/** What people do with the graph, by key or by button. */
export interface Commands {
  undo(): void;
  redo(): void;
  /** Copy what is selected; whether there was anything. */
  copy(data: DataTransfer): boolean;
  cut(data: DataTransfer): boolean;
  paste(data: DataTransfer): boolean;
  duplicate(): void;
  remove(): void;
  selectAll(): void;
  selectNone(): void;
  move(by: XYPosition): void;
  /** Add a node of a type at a point of the canvas; without one, in the middle of what is seen. */
  add(type: NodeType, at?: XYPosition): void;
  tidy(): Promise<void>;
  fit(): void;
  zoom(factor: number): void;
  search(): void;
  toggleHelp(): void;
}

/** What people do with the graph that is open. */
export function useCommands(): Commands {
  const editor = useEditor();
  const view = useReactFlow();
  return useMemo(() => ({ ...ofDocument(editor), ...ofView(view), ...ofBoth(editor, view) }), [editor, view]);
}

function ofDocument(editor: EditorStore) {
  const remove = () => editor.act(withoutSelected);
  const copy = (data: DataTransfer) => {
    const text = copied(editor.getState());
    if (text !== undefined) data.setData("text/plain", text);
    return text !== undefined;
  };
  return {
    undo: editor.undo,
    redo: editor.redo,
    remove,
    copy,
    cut(data: DataTransfer) {
      const isCopied = copy(data);
      if (isCopied) remove();
      return isCopied;
    },
    paste(data: DataTransfer) {
      const flow = pasted(editor.getState(), data.getData("text/plain"));
      if (flow) editor.act(() => flow);
      return flow !== undefined;
    },
    duplicate: () => editor.act(doubled),
    selectAll: () => editor.act(withAllSelected),
    selectNone: editor.selectNone,
    move: (by: XYPosition) => editor.act((flow) => withMoved(flow, by)),
  };
}

function ofView(view: ReactFlowInstance) {
  return {
    fit: () => void view.fitView({ ...WHOLE, duration: durationOf(300) }),
    zoom: (factor: number) => void view.zoomTo(view.getZoom() * factor, { duration: durationOf(150) }),
    search() {
      flushSync(() => useView.setState({ isPaletteOpen: true }));
      document.getElementById(PALETTE_SEARCH)?.focus();
    },
    toggleHelp: () => useView.setState(({ isHelpOpen }) => ({ isHelpOpen: !isHelpOpen })),
  };
}

function ofBoth(editor: EditorStore, view: ReactFlowInstance) {
  return {
    add(type: NodeType, at?: XYPosition) {
      const { nodes } = editor.getState();
      const node = newNode(type, at ?? freePlace(middleOf(view), nodes), nodes);
      editor.act((flow) => housed(withNode(flow, node), new Set([node.id])));
    },
    async tidy() {
      try {
        const { tidied } = await import("./layout.ts");
        editor.act(tidied);
        requestAnimationFrame(() => void view.fitView({ ...WHOLE, duration: durationOf(300) }));
      } catch (error) {
        notifyOf(error);
      }
    },
  };
}

/** Where the corner of a new box is, so that the box is in the middle of what is seen. */
function middleOf(view: ReactFlowInstance): XYPosition {
  const seen = document.querySelector(".react-flow")!.getBoundingClientRect();
  const middle = { x: seen.x + seen.width / 2, y: seen.y + seen.height / 2 };
  const { x, y } = view.screenToFlowPosition(middle);
  return { x: Math.round(x - USUAL_SIZE.width / 2), y: Math.round(y - USUAL_SIZE.height / 2) };
}
