import { ProblemError, type Workflow, type WorkflowPatch } from "understudy-client";
import { afterEach, beforeEach, expect, test, vi } from "vitest";

import { Saver, type Served, type Server } from "../src/editor/saver.ts";
import { createEditorStore } from "../src/editor/store.ts";

const FIRST = {
  id: "wf",
  name: "First",
  description: "",
  tags: [],
  nodes: [{ id: "a", position: { x: 0, y: 0 }, data: {} }],
  connections: [],
  viewport: { x: 0, y: 0, zoom: 1 },
  revision: 1,
} as unknown as Workflow;

/** A server that keeps one workflow, as the real one does: by revision. */
class Kept implements Server {
  workflow = FIRST;
  saved: WorkflowPatch[] = [];
  created: object[] = [];
  /** What the next save fails with. */
  failure: Error | undefined;
  /** Whether the next answer is lost on its way, though the save is done. */
  losesAnswer = false;
  atOnce = 0;
  most = 0;

  isGone = false;

  isThere(): Promise<boolean> {
    return Promise.resolve(!this.isGone);
  }

  read(): Promise<Served> {
    return Promise.resolve({ workflow: this.workflow, etag: `"${this.workflow.revision}"` });
  }

  async save(patch: WorkflowPatch, etag: string): Promise<Served> {
    this.most = Math.max(this.most, ++this.atOnce);
    await new Promise((done) => setTimeout(done, 100));
    this.atOnce--;
    const { failure } = this;
    this.failure = undefined;
    if (failure) throw failure;
    if (etag !== `"${this.workflow.revision}"`) throw refusal(412, "revision_mismatch");
    this.saved.push(patch);
    this.change(patch);
    if (this.losesAnswer) {
      this.losesAnswer = false;
      throw new TypeError("lost");
    }
    return this.read();
  }

  create(document: object): Promise<string> {
    this.created.push(document);
    return Promise.resolve("wf_copy");
  }

  change(patch: WorkflowPatch): void {
    this.workflow = { ...this.workflow, ...patch, revision: this.workflow.revision + 1 } as Workflow;
  }
}

function refusal(status: number, code: string): ProblemError {
  const problem = { type: "about:blank", title: code, status, code, detail: code };
  return new ProblemError(problem as never, new Response(null, { status }));
}

function begin() {
  const server = new Kept();
  const store = createEditorStore(FIRST, '"1"');
  const saver = new Saver(store, server);
  saver.start();
  const state = () => saver.status.getState().state;
  return { server, store, saver, state };
}

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

test("changes in a row are saved together, a moment after the last", async () => {
  const { server, store, state } = begin();
  store.describe({ name: "Fir" });
  await vi.advanceTimersByTimeAsync(500);
  store.describe({ name: "Firs" });
  await vi.advanceTimersByTimeAsync(500);
  expect([server.saved, state()]).toEqual([[], "unsaved"]);
  await vi.advanceTimersByTimeAsync(100);
  expect(state()).toBe("saving");
  await vi.advanceTimersByTimeAsync(100);
  expect([server.saved, state()]).toEqual([[{ name: "Firs" }], "saved"]);
});

test("there are never two saves at once, and what came meanwhile is saved after", async () => {
  const { server, store, state } = begin();
  store.describe({ name: "One" });
  await vi.advanceTimersByTimeAsync(650);
  store.describe({ name: "Two" });
  await vi.advanceTimersByTimeAsync(5_000);
  expect(server.saved).toEqual([{ name: "One" }, { name: "Two" }]);
  expect([server.most, state()]).toEqual([1, "saved"]);
});

test("a look at another place is saved later, and a change undone is not saved at all", async () => {
  const { server, store, state } = begin();
  store.look({ x: 5, y: 5, zoom: 2 });
  await vi.advanceTimersByTimeAsync(1_900);
  expect(server.saved).toEqual([]);
  await vi.advanceTimersByTimeAsync(300);
  expect(server.saved).toEqual([{ viewport: { x: 5, y: 5, zoom: 2 } }]);
  store.act(() => ({ nodes: [], edges: [] }));
  store.undo();
  expect(state()).toBe("saved");
  await vi.advanceTimersByTimeAsync(5_000);
  expect(server.saved).toHaveLength(1);
});

test("without a connection it is tried again until it is saved", async () => {
  const { server, store, state } = begin();
  server.failure = new TypeError("Failed to fetch");
  store.describe({ name: "Later" });
  await vi.advanceTimersByTimeAsync(700);
  expect(state()).toBe("offline");
  await vi.advanceTimersByTimeAsync(1_200);
  expect([server.saved, state()]).toEqual([[{ name: "Later" }], "saved"]);
});

test("a save whose answer was lost is no conflict", async () => {
  const { server, store, state } = begin();
  server.losesAnswer = true;
  store.describe({ name: "Once" });
  await vi.advanceTimersByTimeAsync(5_000);
  expect([server.saved, state()]).toEqual([[{ name: "Once" }], "saved"]);
  expect(store.getState().etag).toBe('"2"');
});

test("what the server refuses is not sent again until it is another", async () => {
  const { server, store, state } = begin();
  server.failure = refusal(422, "invalid");
  store.describe({ name: "Wrong" });
  await vi.advanceTimersByTimeAsync(60_000);
  expect([server.saved, state()]).toEqual([[], "refused"]);
  store.describe({ name: "Right" });
  await vi.advanceTimersByTimeAsync(700);
  expect([server.saved, state()]).toEqual([[{ name: "Right" }], "saved"]);
});

test("a save over somebody else's asks, and keeping mine sends all of it", async () => {
  const { server, store, saver, state } = begin();
  server.change({ description: "Theirs" });
  store.describe({ name: "Mine" });
  await vi.advanceTimersByTimeAsync(5_000);
  expect([server.saved, state()]).toEqual([[], "conflict"]);
  void saver.keepMine();
  await vi.advanceTimersByTimeAsync(200);
  expect(server.saved[0]).toMatchObject({ name: "Mine", description: "", nodes: FIRST.nodes });
  expect(state()).toBe("saved");
});

test("undo brings mine back after theirs was taken", async () => {
  const { server, store, saver } = begin();
  server.change({ nodes: [] });
  store.act(({ edges }) => ({ nodes: [{ id: "mine", position: { x: 0, y: 0 }, data: {} }], edges }));
  await vi.advanceTimersByTimeAsync(5_000);
  saver.takeTheirs();
  expect(store.getState().nodes).toEqual([]);
  store.undo();
  await vi.advanceTimersByTimeAsync(5_000);
  expect(server.workflow.nodes.map(({ id }) => id)).toEqual(["mine"]);
});

test("a copy of mine leaves theirs alone", async () => {
  const { server, store, saver, state } = begin();
  server.change({ name: "Theirs" });
  store.describe({ name: "Mine" });
  await vi.advanceTimersByTimeAsync(5_000);
  expect(await saver.copyMine("Mine (mine)")).toBe("wf_copy");
  expect(server.created).toMatchObject([{ name: "Mine (mine)", nodes: FIRST.nodes }]);
  expect([server.workflow.name, store.getState().name, state()]).toEqual(["Theirs", "Theirs", "saved"]);
});

test("somebody else's change is taken while nothing is unsaved, and what is selected stays so", async () => {
  const { server, store, saver } = begin();
  store.select("a");
  server.change({ nodes: [{ id: "a", position: { x: 9, y: 9 }, data: {} }] });
  expect(await saver.hear(2)).toBe(true);
  expect(store.getState().nodes).toMatchObject([{ id: "a", position: { x: 9, y: 9 }, selected: true }]);
  expect(await saver.hear(2)).toBe(false);
});

test("of what this page saved itself it is not told as of somebody else's", async () => {
  const { server, store, saver } = begin();
  store.describe({ name: "Mine" });
  await vi.advanceTimersByTimeAsync(650);
  const heard = saver.hear(2);
  await vi.advanceTimersByTimeAsync(200);
  expect([await heard, server.saved.length]).toEqual([false, 1]);
});

test("a workflow that somebody deleted can be saved as a new one", async () => {
  const { server, store, saver, state } = begin();
  server.failure = refusal(404, "workflow_not_found");
  store.describe({ name: "Left" });
  await vi.advanceTimersByTimeAsync(5_000);
  expect(state()).toBe("gone");
  expect(saver.mayLeave).toBe(false);
  await saver.copyMine("Left");
  expect(server.created).toMatchObject([{ name: "Left" }]);
  expect(saver.mayLeave).toBe(true);
});

test("before something needs it saved, all of it is", async () => {
  const { server, store, saver } = begin();
  store.describe({ name: "One" });
  await vi.advanceTimersByTimeAsync(650);
  store.describe({ name: "Two" });
  const flushed = saver.flush();
  await vi.advanceTimersByTimeAsync(300);
  expect([await flushed, server.workflow.name]).toEqual([true, "Two"]);
});

test("what is typed into one field is one step, and another field another one", () => {
  const { store } = begin();
  const typed = (label: string) => () => ({
    nodes: [{ id: "a", position: { x: 0, y: 0 }, data: { label } }],
    edges: [],
  });
  for (const label of ["O", "On", "One"]) store.act(typed(label), "a label");
  store.act(typed("Other"), "a config");
  expect(store.getState().history.past).toHaveLength(2);
  store.undo();
  expect(store.getState().nodes[0]?.data).toEqual({ label: "One" });
  store.act(typed("New"), "a config");
  expect(store.getState().history.past).toHaveLength(2);
});

test("undo brings the name, the description and the tags back, and a rename is a step", async () => {
  const { server, store, saver } = begin();
  server.change({ name: "Theirs", tags: ["theirs"] });
  for (const name of ["M", "Mi", "Mine"]) store.describe({ name }, "name");
  await vi.advanceTimersByTimeAsync(5_000);
  saver.takeTheirs();
  expect(store.getState()).toMatchObject({ name: "Theirs", tags: ["theirs"] });
  store.undo();
  expect(store.getState()).toMatchObject({ name: "Mine", tags: [] });
  store.undo();
  expect(store.getState().name).toBe("First");
});

test("what this page saved itself is no conflict when the answer was lost and it hears of it first", async () => {
  const { server, store, saver, state } = begin();
  server.losesAnswer = true;
  store.describe({ name: "Once" });
  await vi.advanceTimersByTimeAsync(750);
  expect(state()).toBe("offline");
  expect(await saver.hear(2)).toBe(false);
  expect([state(), store.getState().etag]).toEqual(["saved", '"2"']);
});

test("who hears of a reset does not ask for a workflow that is gone", async () => {
  const { server, store, saver, state } = begin();
  server.isGone = true;
  store.describe({ name: "Left" });
  expect(await saver.hearOfReset()).toBe(false);
  expect([state(), saver.hasUnsaved]).toEqual(["gone", true]);
});

test("what cannot be saved when it is left is tried no more, until somebody goes on with it", async () => {
  const { server, store, saver, state } = begin();
  server.failure = new TypeError("Failed to fetch");
  store.describe({ name: "Left" });
  const resting = saver.rest();
  await vi.advanceTimersByTimeAsync(60_000);
  expect([await resting, server.saved, state()]).toEqual([false, [], "offline"]);
  saver.start();
  await vi.advanceTimersByTimeAsync(1_000);
  expect([server.saved, state()]).toEqual([[{ name: "Left" }], "saved"]);
});
