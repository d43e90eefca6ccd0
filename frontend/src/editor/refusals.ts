import type { Connection } from "@xyflow/react";

import type { FlowConnection, FlowNode } from "./flow.ts";
import { type End, type Graph, nameOf, type Port, portsIn } from "./ports.ts";

/** Unlike data types that fit all the same, with a warning, as the server converts them: a contract compares the two. */
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
