import { type ReactFlowInstance, type ReactFlowState, useReactFlow, useStoreApi, type XYPosition } from "@xyflow/react";
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
import { motionMs, showWhole } from "./moving.ts";
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

type Screen = ReturnType<typeof useStoreApi>;

/** What people do with the graph that is open. */
export function useCommands(): Commands {
  const editor = useEditor();
  const view = useReactFlow();
  const screen = useStoreApi();
  return useMemo(() => {
    const looking = ofView(view, screen);
    const middle = () => middleOf(screen.getState());
    return { ...ofClipboard(editor), ...ofDocument(editor), ...looking, ...ofBoth(editor, middle, looking.fit) };
  }, [editor, view, screen]);
}

function ofClipboard(editor: EditorStore) {
  const copy = (data: DataTransfer) => {
    const text = copied(editor.getState());
    if (text !== undefined) data.setData("text/plain", text);
    return text !== undefined;
  };
  return {
    copy,
    cut(data: DataTransfer) {
      const isCopied = copy(data);
      if (isCopied) editor.act(withoutSelected);
      return isCopied;
    },
    paste(data: DataTransfer) {
      const flow = pasted(editor.getState(), data.getData("text/plain"));
      if (flow) editor.act(() => flow);
      return flow !== undefined;
    },
  };
}

function ofDocument(editor: EditorStore) {
  return {
    undo: editor.undo,
    redo: editor.redo,
    remove: () => editor.act(withoutSelected),
    duplicate: () => editor.act(doubled),
    selectAll: () => editor.act(withAllSelected),
    selectNone: editor.selectNone,
    move: (by: XYPosition) => editor.act((flow) => withMoved(flow, by)),
  };
}

function ofView(view: ReactFlowInstance, screen: Screen) {
  return {
    fit: () => void showWhole(view, screen.getState(), 300),
    zoom: (factor: number) => void view.zoomTo(view.getZoom() * factor, { duration: motionMs(150) }),
    search() {
      flushSync(() => useView.setState({ isPaletteOpen: true }));
      document.getElementById(PALETTE_SEARCH)?.focus();
    },
    toggleHelp: () => useView.setState(({ isHelpOpen }) => ({ isHelpOpen: !isHelpOpen })),
  };
}

function ofBoth(editor: EditorStore, middle: () => XYPosition, fit: () => void) {
  return {
    add(type: NodeType, at?: XYPosition) {
      const { nodes } = editor.getState();
      const node = newNode(type, at ?? freePlace(middle(), nodes), nodes);
      editor.act((flow) => housed(withNode(flow, node), new Set([node.id])));
    },
    async tidy() {
      try {
        const { tidied } = await import("./layout.ts");
        editor.act(tidied);
        requestAnimationFrame(fit);
      } catch (error) {
        notifyOf(error);
      }
    },
  };
}

/** Where the corner of a new box is, so that the box is in the middle of what is seen. */
function middleOf({ width, height, transform: [left, top, zoom] }: ReactFlowState): XYPosition {
  const middle = { x: (width / 2 - left) / zoom, y: (height / 2 - top) / zoom };
  return { x: Math.round(middle.x - USUAL_SIZE.width / 2), y: Math.round(middle.y - USUAL_SIZE.height / 2) };
}
