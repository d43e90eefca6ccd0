import { applyEdgeChanges, applyNodeChanges, type EdgeChange, type NodeChange, type Viewport } from "@xyflow/react";
import { createContext, use } from "react";
import type { Workflow } from "understudy-client";
import { createStore, type StoreApi, useStore } from "zustand";

import { type Box, type Flow, isSameFlow, type Line, toViewport } from "./flow.ts";
import { type History, NO_HISTORY, recorded, redone, undone } from "./history.ts";

/** The document that is being edited, and how it came to be as it is. */
export interface Editing extends Flow {
  /** The workflow as the server last gave or took it. */
  readonly saved: Workflow;
  /** The entity tag of that. */
  readonly etag: string;
  readonly name: string;
  readonly viewport: Viewport | undefined;
  readonly history: History<Flow>;
}

/** What the editor does with the document. */
export interface EditorStore extends StoreApi<Editing> {
  /** What React Flow says of nodes: moved, selected, measured, removed. */
  changeNodes(changes: NodeChange<Box>[]): void;
  /** What React Flow says of connections. */
  changeEdges(changes: EdgeChange<Line>[]): void;
  /** Change the graph in a way that can be undone, as one step. */
  act(change: (flow: Flow) => Flow): void;
  /** What is done until `settle` is one step: a drag. */
  begin(): void;
  settle(): void;
  undo(): void;
  redo(): void;
  /** Select one node, one connection, or nothing. */
  select(id: string): void;
  selectNone(): void;
}

/** The store of one opened workflow. */
export function createEditorStore(saved: Workflow, etag: string, opened: Flow): EditorStore {
  const store = createStore<Editing>(() => ({
    saved,
    etag,
    name: saved.name,
    viewport: toViewport(saved),
    ...opened,
    history: NO_HISTORY,
  }));
  let begun: Flow | undefined;
  const flow = (): Flow => {
    const { nodes, edges } = store.getState();
    return { nodes, edges };
  };
  /** Record the state from before, unless nothing changed that a document keeps. */
  function keep(before: Flow): void {
    if (!isSameFlow(before, flow())) store.setState(({ history }) => ({ history: recorded(history, before) }));
  }
  function go(step: typeof undone<Flow>): void {
    const found = step(store.getState().history, flow());
    if (found) store.setState({ ...found[0], history: found[1] });
  }
  function act(change: (flow: Flow) => Flow): void {
    const before = flow();
    store.setState(change(before));
    keep(before);
  }
  return {
    ...store,
    changeNodes: (changes) => store.setState(({ nodes }) => ({ nodes: applyNodeChanges(changes, [...nodes]) })),
    changeEdges: (changes) => store.setState(({ edges }) => ({ edges: applyEdgeChanges(changes, [...edges]) })),
    act,
    begin: () => {
      begun = flow();
    },
    settle: () => {
      if (begun) keep(begun);
      begun = undefined;
    },
    undo: () => go(undone),
    redo: () => go(redone),
    select: (id) => store.setState(({ nodes, edges }) => selected({ nodes, edges }, id)),
    selectNone: () => store.setState(({ nodes, edges }) => selected({ nodes, edges }, undefined)),
  };
}

/** A graph in which one thing is selected, or none. What stays as it was stays the same object. */
function selected({ nodes, edges }: Flow, id: string | undefined): Flow {
  return { nodes: nodes.map((node) => marked(node, id)), edges: edges.map((edge) => marked(edge, id)) };
}

function marked<Item extends Box | Line>(item: Item, id: string | undefined): Item {
  const isIt = item.id === id;
  return (item.selected ?? false) === isIt ? item : { ...item, selected: isIt };
}

const EditorContext = createContext<EditorStore | null>(null);
export const EditorProvider = EditorContext.Provider;

/** The store of the workflow that is open. */
export function useEditor(): EditorStore {
  const store = use(EditorContext);
  if (!store) throw new Error("There is no editor around this.");
  return store;
}

/** A part of the document that is open. */
export function useEditing<Part>(select: (editing: Editing) => Part): Part {
  return useStore(useEditor(), select);
}
