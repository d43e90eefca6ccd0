import { type Draft, isEqual } from "./document.ts";
import { type FlowNode, PASSING } from "./flow.ts";

/** A node or a connection, as far as it is compared. */
interface Part {
  readonly id: string;
}

/** What somebody has changed in a draft, one line for each thing. */
export function changesIn(before: Draft, after: Draft): readonly string[] {
  return [
    ...detailsIn(before, after),
    ...partsIn(before.nodes, after.nodes, (node) => `node ${nameOf(node)}`),
    ...partsIn(
      before.edges,
      after.edges,
      (edge) => `connection ${endOf(edge.source, after)} → ${endOf(edge.target, after)}`,
    ),
  ];
}

function detailsIn(before: Draft, after: Draft): readonly string[] {
  const isOther = (name: "description" | "tags") => !isEqual(before[name], after[name]);
  return [
    ...(before.name === after.name ? [] : [`Renamed to “${after.name}”`]),
    ...(isOther("description") ? ["Changed the description"] : []),
    ...(isOther("tags") ? ["Changed the tags"] : []),
  ];
}

function partsIn<Item extends Part>(
  before: readonly Item[],
  after: readonly Item[],
  name: (item: Item) => string,
): readonly string[] {
  const [was, is] = [byId(before), byId(after)];
  const changed = after.filter((item) => was.has(item.id) && !isEqual(kept(was.get(item.id)!), kept(item)));
  return [
    ...after.filter((item) => !was.has(item.id)).map((item) => `Added ${name(item)}`),
    ...before.filter((item) => !is.has(item.id)).map((item) => `Removed ${name(item)}`),
    ...changed.map((item) => `${isOnlyMoved(was.get(item.id)!, item) ? "Moved" : "Changed"} ${name(item)}`),
  ];
}

function byId<Item extends Part>(items: readonly Item[]): ReadonlyMap<string, Item> {
  return new Map(items.map((item) => [item.id, item]));
}

function kept(item: object): object {
  return Object.fromEntries(Object.entries(item).filter(([name]) => !PASSING.has(name)));
}

function isOnlyMoved(before: object, after: object): boolean {
  return isEqual({ ...kept(before), position: null }, { ...kept(after), position: null });
}

function nameOf({ id, data }: FlowNode): string {
  const label = data["label"];
  return `“${typeof label === "string" && label !== "" ? label : id}”`;
}

function endOf(id: string, { nodes }: Draft): string {
  const node = nodes.find((one) => one.id === id);
  return node ? nameOf(node) : `“${id}”`;
}
