import { applyEdgeChanges, applyNodeChanges, type EdgeChange, type NodeChange, type Viewport } from "@xyflow/react";
import { createContext, use } from "react";
import type { Workflow } from "understudy-client";
import { createStore, type StoreApi, useStore } from "zustand";

import { type Content, contentOf, type Draft, isSameContent, opened, type Origins, type Placing } from "./document.ts";
import { type FlowNode, type Flow, type FlowConnection } from "./flow.ts";
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
  readonly history: History<Content>;
}

/** What is called something, and not drawn. */
export type Details = Pick<Draft, "name" | "description" | "tags">;

/** What the editor does with the document. */
export interface EditorStore extends Omit<StoreApi<Editing>, "setState"> {
  /** What React Flow says of nodes: selected and measured, and between `begin` and `settle` moved and resized. */
  changeNodes(changes: NodeChange<FlowNode>[]): void;
  /** What React Flow says of connections. */
  changeEdges(changes: EdgeChange<FlowConnection>[]): void;
  /** Change the graph in a way that can be undone, as one step. Changes in a row with the same `step` are one. */
  act(change: (flow: Flow) => Flow, step?: string): void;
  /** Give the workflow another name, description or tags, as one step as well. */
  describe(details: Partial<Details>, step?: string): void;
  /** Remember where the canvas is looked at. */
  look(viewport: Viewport): void;
  /** The server has taken this draft. */
  confirm(saved: Workflow, etag: string, kept: Draft): void;
  /** Open what the server has now in the place of the draft; what is selected stays so. */
  take(saved: Workflow, etag: string, how: "undoable" | "anew"): void;
  /** What is done until `settle` is one step: a drag, and what follows from where it ended. */
  begin(): void;
  settle(change?: (flow: Flow) => Flow): void;
  undo(): void;
  redo(): void;
  /** Select one node, one connection, or nothing. */
  select(id: string): void;
  selectNone(): void;
}

/** The store of one opened workflow. */
export function createEditorStore(saved: Workflow, etag: string, place?: Placing): EditorStore {
  const store = createStore<Editing>(() => ({ ...asOpened(saved, etag, place), history: NO_HISTORY }));
  const { getState, getInitialState, subscribe, setState } = store;
  const { isBegun, ...steps } = stepsOf(store);
  const kept = (changes: NodeChange<FlowNode>[]) => (isBegun() ? changes : changes.filter(isPassing));
  return {
    getState,
    getInitialState,
    subscribe,
    begin: steps.begin,
    settle: steps.settle,
    undo: steps.undo,
    redo: steps.redo,
    changeNodes: (changes) => setState(({ nodes }) => ({ nodes: applyNodeChanges(kept(changes), [...nodes]) })),
    changeEdges: (changes) => setState(({ edges }) => ({ edges: applyEdgeChanges(changes, [...edges]) })),
    act: (change, step) => steps.change((content) => change(content), step),
    describe: (details, step) => steps.change(() => details, step),
    look: (viewport) => setState({ viewport }),
    confirm: (workflow, tag, kept) => setState({ saved: workflow, etag: tag, kept }),
    take(workflow, tag, how) {
      const taken = asOpened(workflow, tag, place);
      steps.change((before) => ({ ...taken, ...reselected(taken, before) }));
      if (how === "anew") setState({ history: NO_HISTORY });
    },
    select: (id) => setState((flow) => selected(flow, id)),
    selectNone: () => setState((flow) => selected(flow, undefined)),
  };
}

/** What changes the document in steps that can be undone. */
function stepsOf({ getState, setState }: StoreApi<Editing>) {
  let begun: Content | undefined;
  let last: { readonly step: string; readonly history: History<Content> } | undefined;
  /** Record the state from before, unless nothing changed that a document keeps. */
  function keep(before: Content): void {
    if (!isSameContent(before, getState())) setState(({ history }) => ({ history: recorded(history, before) }));
  }
  function go(step: typeof undone<Content>): void {
    const found = step(getState().history, contentOf(getState()));
    if (found) setState({ ...found[0], history: found[1] });
  }
  return {
    change(change: (content: Content) => Partial<Editing>, step?: string): void {
      const before = contentOf(getState());
      setState(change(before));
      if (step === undefined || last?.step !== step || last.history !== getState().history) keep(before);
      last = step === undefined ? undefined : { step, history: getState().history };
    },
    isBegun: () => begun !== undefined,
    begin(): void {
      begun = contentOf(getState());
    },
    settle(change?: (flow: Flow) => Flow): void {
      if (change) setState(change(getState()));
      if (begun) keep(begun);
      begun = undefined;
    },
    undo: () => go(undone),
    redo: () => go(redone),
  };
}

/** What no document keeps. All else that React Flow says while nobody drags or resizes, it has found by measuring. */
function isPassing(change: NodeChange<FlowNode>): boolean {
  return change.type === "select" || (change.type === "dimensions" && !change.setAttributes);
}

function asOpened(saved: Workflow, etag: string, place: Placing | undefined): Omit<Editing, "history"> {
  const { draft, origins } = opened(saved, place);
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
