import type { Connection } from "@xyflow/react";
import type { NodeType } from "understudy-client";

import type { FlowNode, FlowConnection } from "./flow.ts";
import { grouped } from "./lists.ts";

/** A port as the canvas draws it. */
export interface Port {
  /** What connections call it; nothing where a node has but one port, and that without a name. */
  readonly id: string | null;
  readonly label: string;
  readonly dataType: string;
  readonly most: number | null;
  /** Connections name it, but the type of the node does not have it. */
  readonly isUnknown?: boolean;
}

/** The ports of a node, as it is configured and connected. */
export interface Ports {
  readonly inputs: readonly Port[];
  readonly outputs: readonly Port[];
}

/** The graph, and what is known of its types. */
export interface Graph {
  readonly nodes: readonly FlowNode[];
  readonly edges: readonly FlowConnection[];
  readonly types: ReadonlyMap<string, NodeType>;
}

/** One end of a connection that is being drawn. */
export interface End {
  readonly nodeId: string;
  readonly port: string | null;
  readonly side: "source" | "target";
}

const PLAIN: Port = { id: null, label: "", dataType: "any", most: null };
const ERROR: Port = { id: "error", label: "Error", dataType: "any", most: null };
const NO_PORTS: Ports = { inputs: [], outputs: [] };

/** Unlike data types that fit all the same, with a warning, as the server converts them. */
const CONVERTED = new Set([
  "number string",
  "boolean string",
  "table array",
  "vector array",
  "message object",
  "file object",
  "object string",
  "message string",
  "array table",
]);

/** The ends of connections at each node, such as `source:output`: those that have a name. */
export function namedEnds(edges: readonly FlowConnection[]): ReadonlyMap<string, readonly string[]> {
  const known = endsOf.get(edges);
  if (known) return known;
  const ends = new Map(
    [...grouped(edges.flatMap(endsOfConnection), ([node]) => node)].map(([node, all]) => [
      node,
      all.map(([, end]) => end),
    ]),
  );
  endsOf.set(edges, ends);
  return ends;
}

const endsOf = new WeakMap<readonly FlowConnection[], ReadonlyMap<string, readonly string[]>>();

function endsOfConnection({
  source,
  sourceHandle,
  target,
  targetHandle,
}: FlowConnection): (readonly [string, string])[] {
  const ends = [
    sourceHandle && ([source, `source:${sourceHandle}`] as const),
    targetHandle && ([target, `target:${targetHandle}`] as const),
  ];
  return ends.filter((end) => !!end);
}

/** Every port of a node: those of its type, that for errors, and those that connections name besides. */
export function portsOf(
  node: Pick<FlowNode, "type" | "data">,
  type: NodeType | undefined,
  ends: readonly string[],
): Ports {
  const { inputs, outputs } = type && !isFrame(type) ? ownPorts(node, type) : plainPorts(type);
  return {
    inputs: [...inputs, ...strays(inputs, ends, "target")],
    outputs: [...outputs, ...strays(outputs, ends, "source")],
  };
}

function ownPorts({ data }: Pick<FlowNode, "data">, type: NodeType): Ports {
  const outputs = type.dynamic_outputs ? rulePorts({ ...type.defaults, ...configOf(data) }) : type.outputs.map(toPort);
  return {
    inputs: type.inputs.map(toPort),
    outputs: data["on_error"] === "error_port" ? [...outputs, ERROR] : outputs,
  };
}

/** A group takes and gives for what is in it, an unknown type hands on what it takes; a note has no ports. */
function plainPorts(type: NodeType | undefined): Ports {
  return type?.annotation && !isFrame(type) ? NO_PORTS : { inputs: [PLAIN], outputs: [PLAIN] };
}

function isFrame(type: NodeType): boolean {
  return type.type === "group";
}

/** One port for each rule, and one for what no rule takes: the types whose ports follow the configuration have rules. */
function rulePorts(config: Record<string, unknown>): Port[] {
  const rules = Array.isArray(config["rules"]) ? config["rules"].filter(isObject) : [];
  const ports = rules.map((rule, at) =>
    named(textOf(rule["id"]) || `rule_${at}`, textOf(rule["label"]) || `Rule ${at + 1}`),
  );
  return (config["fallback"] ?? true) ? [...ports, named("fallback", "Otherwise")] : ports;
}

function strays(ports: readonly Port[], ends: readonly string[], side: End["side"]): Port[] {
  const known = new Set(ports.map((port) => port.id));
  const names = ends.filter((end) => end.startsWith(side)).map((end) => end.slice(side.length + 1));
  return [...new Set(names)]
    .filter((name) => !known.has(name))
    .map((name) => (name === "error" && side === "source" ? ERROR : { ...named(name, name), isUnknown: true }));
}

/** Why a connection cannot be made; nothing if it can. Only what could never run is refused. */
export function refusalOf(connection: Connection, graph: Graph): string | undefined {
  const { source, target, sourceHandle, targetHandle } = connection;
  const [from, to] = [graph.nodes.find(({ id }) => id === source), graph.nodes.find(({ id }) => id === target)];
  if (!from || !to) return "One of the nodes is not there any more.";
  if (source === target && from.type !== "loop") return "A node cannot be connected to itself.";
  const leaving = findPort(from, "source", sourceHandle, graph);
  const arriving = findPort(to, "target", targetHandle, graph);
  if (!leaving) return `"${nameOf(from)}" has no outputs.`;
  if (!arriving) return `"${nameOf(to)}" has no inputs.`;
  if (graph.edges.some((edge) => isSameEnds(edge, connection))) return "These ports are connected already.";
  return (
    misfit(from, leaving, to, arriving) ??
    surplus(from, leaving, "source", graph) ??
    surplus(to, arriving, "target", graph)
  );
}

/** The connection between two ends, whichever of them was first. */
export function between(one: End, other: End): Connection | undefined {
  if (one.side === other.side) return undefined;
  const [from, to] = one.side === "source" ? [one, other] : [other, one];
  return { source: from.nodeId, sourceHandle: from.port, target: to.nodeId, targetHandle: to.port };
}

/** What a person calls a node. */
export function nameOf(node: Pick<FlowNode, "id" | "data">): string {
  return textOf(node.data["label"]) || node.id;
}

/** The ports of a node of a graph. */
export function portsIn(node: FlowNode, { types, edges }: Pick<Graph, "types" | "edges">): Ports {
  return portsOf(node, types.get(node.type ?? "default"), namedEnds(edges).get(node.id) ?? []);
}

function findPort(node: FlowNode, side: End["side"], id: string | null, graph: Graph): Port | undefined {
  const { inputs, outputs } = portsIn(node, graph);
  const ports = side === "source" ? outputs : inputs;
  return id === null ? ports[0] : ports.find((port) => port.id === id);
}

function misfit(from: FlowNode, leaving: Port, to: FlowNode, arriving: Port): string | undefined {
  const pair = [leaving.dataType, arriving.dataType];
  if (pair[0] === pair[1] || pair.includes("any") || CONVERTED.has(pair.join(" "))) return undefined;
  return `"${nameOf(from)}" gives ${pair[0]} there, and "${nameOf(to)}" takes ${pair[1]}.`;
}

function surplus(node: FlowNode, port: Port, side: End["side"], graph: Graph): string | undefined {
  if (port.most === null) return undefined;
  const first = findPort(node, side, null, graph)?.id;
  const isThere = (edge: FlowConnection) => edge[side] === node.id && (edge[`${side}Handle`] ?? first) === port.id;
  if (graph.edges.filter(isThere).length < port.most) return undefined;
  return `"${port.label}" of "${nameOf(node)}" takes no more connections.`;
}

function isSameEnds(edge: FlowConnection, { source, target, sourceHandle, targetHandle }: Connection): boolean {
  const isEnd = (one: string | null | undefined, other: string | null) => (one ?? null) === other;
  return (
    edge.source === source &&
    edge.target === target &&
    isEnd(edge.sourceHandle, sourceHandle) &&
    isEnd(edge.targetHandle, targetHandle)
  );
}

function toPort({ id, label, data_type, max_connections }: NodeType["inputs"][number]): Port {
  return { id, label, dataType: data_type, most: max_connections };
}

function named(id: string, label: string): Port {
  return { id, label, dataType: "any", most: null };
}

function configOf(data: Record<string, unknown>): Record<string, unknown> {
  return isObject(data["config"]) ? data["config"] : {};
}

function textOf(value: unknown): string {
  return typeof value === "string" ? value : typeof value === "number" ? String(value) : "";
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
