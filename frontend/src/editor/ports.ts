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

/** What a person calls a node. */
export function nameOf(node: Pick<FlowNode, "id" | "data">): string {
  return textOf(node.data["label"]) || node.id;
}

/** The ports of a node of a graph. */
export function portsIn(node: FlowNode, { types, edges }: Pick<Graph, "types" | "edges">): Ports {
  return portsOf(node, types.get(node.type ?? "default"), namedEnds(edges).get(node.id) ?? []);
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
