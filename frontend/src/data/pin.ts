import type { FlowNode, Flow } from "../editor/flow.ts";
import { isObject, type Members } from "./json.ts";

/** Whether a node gives an output that was pinned to it, and does no work of its own. */
export function isPinned({ data }: Pick<FlowNode, "data">): boolean {
  return isObject(data["mock"]) && "output" in data["mock"];
}

/** The graph in which a node gives this output, by port, whenever it is executed. */
export function pinned({ nodes, edges }: Flow, nodeId: string, output: Members): Flow {
  return { nodes: changed(nodes, nodeId, (mock) => ({ ...mock, output })), edges };
}

/** The graph in which a node does its own work again. What else is mocked of it stays. */
export function unpinned({ nodes, edges }: Flow, nodeId: string): Flow {
  return { nodes: changed(nodes, nodeId, ({ output: _, ...mock }) => mock), edges };
}

function changed(nodes: readonly FlowNode[], nodeId: string, change: (mock: Members) => Members): readonly FlowNode[] {
  return nodes.map((node) => {
    if (node.id !== nodeId) return node;
    const { mock, ...data } = node.data;
    const next = change(isObject(mock) ? mock : {});
    return { ...node, data: Object.keys(next).length > 0 ? { ...data, mock: next } : data };
  });
}
