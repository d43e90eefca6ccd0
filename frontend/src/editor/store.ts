import { applyEdgeChanges, applyNodeChanges, type EdgeChange, type NodeChange, type Viewport } from "@xyflow/react";
import { createContext, use } from "react";
import type { Workflow } from "understudy-client";
import { createStore, type StoreApi, useStore } from "zustand";

import { type Draft, opened, type Origins } from "./document.ts";
import { type FlowNode, type Flow, isSameFlow, type FlowConnection } from "./flow.ts";
import { type History, NO_HISTORY, recorded, redone, undone } from "./history.ts";

/** The document that is being edited, and how it came to be as it is. */
export interface Editing extends Draft {
  /** The workflow as the server last gave or took it. */
  readonly saved: Workflow;
  /** The entity tag of that. */
  readonly etag: string;
  /** What the server has of the draft. */
  readonly kept: Draft;
  readonly origins: Origins;
  readonly history: History<Flow>;
}

/** What is called something, and not drawn. */
export type Details = Pick<Draft, "name" | "description" | "tags">;

/** What the editor does with the document. */
export interface EditorStore extends StoreApi<Editing> {
  /** What React Flow says of nodes: moved, selected, measured, removed. */
  changeNodes(changes: NodeChange<FlowNode>[]): void;
  /** What React Flow says of connections. */
  changeEdges(changes: EdgeChange<FlowConnection>[]): void;
  /** Change the graph in a way that can be undone, as one step. Changes in a row with the same `step` are one. */
  act(change: (flow: Flow) => Flow, step?: string): void;
  /** Give the workflow another name, description or tags. */
  describe(details: Partial<Details>): void;
  /** Remember where the canvas is looked at. */
  look(viewport: Viewport): void;
  /** The server has taken this draft. */
  confirm(saved: Workflow, etag: string, kept: Draft): void;
  /** Open what the server has now in the place of the draft; what is selected stays so. */
  take(saved: Workflow, etag: string, how: "undoable" | "anew"): void;
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
export function createEditorStore(saved: Workflow, etag: string): EditorStore {
  const store = createStore<Editing>(() => ({ ...asOpened(saved, etag), history: NO_HISTORY }));
  let begun: Flow | undefined;
  let last: { readonly step: string; readonly history: History<Flow> } | undefined;
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
  function act(change: (flow: Flow) => Flow, step?: string): void {
    const before = flow();
    store.setState(change(before));
    if (step === undefined || last?.step !== step || last.history !== store.getState().history) keep(before);
    last = step === undefined ? undefined : { step, history: store.getState().history };
  }
  function take(workflow: Workflow, tag: string, how: "undoable" | "anew"): void {
    const before = flow();
    const { nodes, edges, ...taken } = asOpened(workflow, tag);
    store.setState({ ...taken, ...reselected({ nodes, edges }, before) });
    if (how === "undoable") keep(before);
    else store.setState({ history: NO_HISTORY });
  }
  return {
    ...store,
    changeNodes: (changes) => store.setState(({ nodes }) => ({ nodes: applyNodeChanges(changes, [...nodes]) })),
    changeEdges: (changes) => store.setState(({ edges }) => ({ edges: applyEdgeChanges(changes, [...edges]) })),
    act,
    take,
    describe: (details) => store.setState(details),
    look: (viewport) => store.setState({ viewport }),
    confirm: (workflow, tag, kept) => store.setState({ saved: workflow, etag: tag, kept }),
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

function asOpened(saved: Workflow, etag: string): Omit<Editing, "history"> {
  const { draft, origins } = opened(saved);
  return { saved, etag, ...draft, kept: draft, origins };
}

/** A graph in which that is selected which was so in another one. */
function reselected({ nodes, edges }: Flow, before: Flow): Flow {
  const ids = new Set([...before.nodes, ...before.edges].filter((item) => item.selected).map((item) => item.id));
  const again = <Item extends FlowNode | FlowConnection>(item: Item): Item =>
    ids.has(item.id) ? { ...item, selected: true } : item;
  return { nodes: nodes.map(again), edges: edges.map(again) };
}

/** A graph in which one thing is selected, or none. What stays as it was stays the same object. */
function selected({ nodes, edges }: Flow, id: string | undefined): Flow {
  return { nodes: nodes.map((node) => marked(node, id)), edges: edges.map((edge) => marked(edge, id)) };
}

function marked<Item extends FlowNode | FlowConnection>(item: Item, id: string | undefined): Item {
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
