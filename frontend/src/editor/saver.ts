import { ProblemError, type Workflow, type WorkflowPatch } from "understudy-client";
import { createStore } from "zustand/vanilla";

import { changesOf, differenceOf, type Document, documentOf, type Draft, draftOf, holds } from "./document.ts";
import type { EditorStore } from "./store.ts";

/** A workflow as the server has it. */
export interface Served {
  readonly workflow: Workflow;
  readonly etag: string;
}

/** Where one workflow is kept. */
export interface Server {
  read(signal?: AbortSignal): Promise<Served>;
  /** Whether the workflow is there; asking for it alone would be refused if it is not. */
  isThere(): Promise<boolean>;
  /** Change what is different, if nobody else has changed the workflow since. A last save outlives its page. */
  save(patch: WorkflowPatch, etag: string, isLast?: boolean): Promise<Served>;
  /** Make a new workflow of it, and give its id. */
  create(document: Document): Promise<string>;
}

/** How the draft and what the server has go together. */
export type Saving =
  | { readonly state: "saved" | "unsaved" | "saving" | "gone" }
  | { readonly state: "offline" | "refused"; readonly reason: unknown }
  | { readonly state: "conflict"; readonly theirs: Served };

const AFTER_CHANGE = 600;
const AFTER_LOOKING = 2_000;
const FIRST_RETRY = 1_000;
const LONGEST_RETRY = 30_000;
/** Browsers send no more than this from a page that is left. */
const MOST_WHEN_LEAVING = 60_000;

/** Saves the draft a moment after each change, one save after the other, and never over somebody else's. */
export class Saver {
  readonly status = createStore<Saving>(() => ({ state: "saved" }));
  private readonly store: EditorStore;
  private readonly server: Server;
  private seen: Draft;
  /** What was sent last, though no answer has come. */
  private sent: Draft | undefined;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private underWay: Promise<void> | undefined;
  private failures = 0;
  private isEnded = false;

  constructor(store: EditorStore, server: Server) {
    this.store = store;
    this.server = server;
    this.seen = draftOf(store.getState());
  }

  /** Save from now on, until the function that this gives is called. */
  start(): () => void {
    if (this.difference && !this.isStuck) this.settle();
    return this.store.subscribe(() => this.look());
  }

  /** Save what is unsaved for the last time, and try no more; whether nothing is lost by that. */
  async rest(): Promise<boolean> {
    await this.flush();
    this.wait(undefined);
    return this.difference !== "document";
  }

  /** Save what is unsaved now; whether the server has everything then. */
  async flush(): Promise<boolean> {
    await this.underWay;
    if (this.difference && !this.isStuck) await this.run();
    return this.difference === undefined;
  }

  /** The sandbox was reset or put back: whether the workflow is there still, in whatever state. */
  async hearOfReset(): Promise<boolean> {
    await this.underWay;
    try {
      if (await this.server.isThere()) await this.hear();
      else this.lose();
    } catch (error) {
      if (this.difference && !this.isStuck) this.retry(error);
    }
    return this.status.getState().state !== "gone";
  }

  /** Somebody has told of a revision; nothing is one of unknown number. */
  async hear(revision?: number): Promise<boolean> {
    await this.underWay;
    if (revision !== undefined && revision <= this.revision) return false;
    try {
      return this.meet(await this.server.read(), revision === undefined);
    } catch (error) {
      if (isGone(error)) this.lose();
      return false;
    }
  }

  /** The workflow was deleted. */
  lose(): void {
    if (this.isEnded) return;
    this.wait(undefined);
    this.status.setState({ state: "gone" }, true);
  }

  /** Put mine in the place of theirs, which stays among the versions. */
  async keepMine(): Promise<void> {
    const saving = this.status.getState();
    if (saving.state !== "conflict") return;
    const { draft, document } = this.whole;
    await this.attempt(draft, () => this.server.save(document, saving.theirs.etag));
  }

  /** Go on with theirs; undo brings mine back. */
  takeTheirs(how: "undoable" | "anew" = "undoable"): void {
    const saving = this.status.getState();
    if (saving.state === "conflict") this.take(saving.theirs, how);
  }

  /** Make a new workflow of mine, and give its id. The old one is as the server has it. */
  async copyMine(name: string): Promise<string> {
    const id = await this.server.create({ ...this.whole.document, name });
    if (this.status.getState().state === "gone") this.end();
    else this.takeTheirs("anew");
    return id;
  }

  /** Go on with another state of the workflow, such as an earlier version that was restored. */
  take({ workflow, etag }: Served, how: "undoable" | "anew"): void {
    this.store.take(workflow, etag, how);
    this.settle();
  }

  /** Nothing of the draft matters any more: the workflow is deleted, or about to be, on purpose. */
  end(isEnded = true): void {
    this.isEnded = isEnded;
    this.wait(undefined);
  }

  /** Whether something of the document is not saved. */
  get hasUnsaved(): boolean {
    return this.difference === "document";
  }

  /** Whether the page can be left without asking. */
  get mayLeave(): boolean {
    if (this.difference !== "document") return true;
    return this.status.getState().state === "unsaved" && !this.underWay && this.size < MOST_WHEN_LEAVING;
  }

  /** The page is left: send what is unsaved with a request that outlives it. */
  leave(): void {
    const { patch } = this;
    if (patch && !this.isEnded && this.mayLeave)
      this.server.save(patch, this.store.getState().etag, true).catch(() => undefined);
  }

  private get revision(): number {
    return this.store.getState().saved.revision;
  }

  private get difference() {
    const editing = this.store.getState();
    return this.isEnded ? undefined : differenceOf(editing, editing.kept);
  }

  private get patch(): WorkflowPatch | undefined {
    const editing = this.store.getState();
    return changesOf(editing, editing.kept, editing.origins);
  }

  private get whole(): { readonly draft: Draft; readonly document: Document } {
    const editing = this.store.getState();
    return { draft: draftOf(editing), document: documentOf(editing, editing.origins) };
  }

  private get size(): number {
    return new Blob([JSON.stringify(this.patch)]).size;
  }

  /** Whether a person has to decide first. */
  private get isStuck(): boolean {
    const { state } = this.status.getState();
    return state === "conflict" || state === "gone";
  }

  /** Look whether there is something new to save. */
  private look(): void {
    const draft = draftOf(this.store.getState());
    if (!differenceOf(draft, this.seen)) return;
    this.seen = draft;
    if (!this.underWay && !this.isStuck) this.settle();
  }

  private settle(): void {
    const { difference } = this;
    this.status.setState({ state: difference ? "unsaved" : "saved" }, true);
    this.wait(difference && (difference === "viewport" ? AFTER_LOOKING : AFTER_CHANGE));
  }

  private wait(delay: number | undefined): void {
    clearTimeout(this.timer);
    if (delay !== undefined) this.timer = setTimeout(() => void this.run(), delay);
  }

  private run(): Promise<void> {
    this.wait(undefined);
    const { patch } = this;
    if (!patch || this.isStuck || this.isEnded) return Promise.resolve();
    const { etag } = this.store.getState();
    return this.attempt(draftOf(this.store.getState()), () => this.server.save(patch, etag));
  }

  /** One save; nobody begins another before it has ended. */
  private attempt(draft: Draft, send: () => Promise<Served>): Promise<void> {
    this.underWay ??= this.carryOut(draft, send).finally(() => {
      this.underWay = undefined;
      if (this.status.getState().state === "saving") this.settle();
    });
    return this.underWay;
  }

  private async carryOut(draft: Draft, send: () => Promise<Served>): Promise<void> {
    this.status.setState({ state: "saving" }, true);
    this.sent = draft;
    try {
      this.confirm(await send(), draft);
    } catch (error) {
      await this.fail(error);
    }
  }

  private confirm({ workflow, etag }: Served, draft: Draft): void {
    this.failures = 0;
    this.sent = undefined;
    this.store.confirm(workflow, etag, draft);
  }

  private async fail(error: unknown): Promise<void> {
    if (isGone(error)) this.lose();
    else if (error instanceof ProblemError && error.status === 412) await this.compare();
    else if (isRefusal(error)) this.status.setState({ state: "refused", reason: error }, true);
    else this.retry(error);
  }

  private async compare(): Promise<void> {
    try {
      this.choose(await this.server.read());
    } catch (error) {
      await this.fail(error);
    }
  }

  private retry(reason: unknown): void {
    this.status.setState({ state: "offline", reason }, true);
    this.wait(Math.min(LONGEST_RETRY, FIRST_RETRY * 2 ** this.failures++));
  }

  /** What somebody else saved is taken while nothing is unsaved here; whether it was. */
  private meet(theirs: Served, isAnyOther: boolean): boolean {
    const isNews = isAnyOther ? theirs.workflow.revision !== this.revision : theirs.workflow.revision > this.revision;
    if (!isNews || this.underWay) return false;
    return this.choose(theirs);
  }

  /** Somebody saved in between, unless it was this page, and the answer was lost. Whether theirs is taken. */
  private choose(theirs: Served): boolean {
    const { sent } = this;
    if (sent && holds(theirs.workflow, documentOf(sent, this.store.getState().origins))) {
      this.confirm(theirs, sent);
      this.settle();
      return false;
    }
    const mustAsk = this.difference === "document";
    if (mustAsk) this.status.setState({ state: "conflict", theirs }, true);
    else this.take(theirs, "anew");
    this.wait(undefined);
    return !mustAsk;
  }
}

function isGone(error: unknown): boolean {
  return error instanceof ProblemError && error.code === "workflow_not_found";
}

/** Whether trying again is of no use. */
function isRefusal(error: unknown): boolean {
  return error instanceof ProblemError && error.status < 500 && error.status !== 408 && error.status !== 429;
}
