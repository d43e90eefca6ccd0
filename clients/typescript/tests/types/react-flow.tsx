// Read by `tsc` only: the types of React Flow fit ours without a cast, in both directions.
import {
  type Edge,
  type Node,
  type ReactFlowJsonObject,
  ReactFlow,
  useEdgesState,
  useNodesState,
  useReactFlow,
} from "@xyflow/react";

import type { ReactFlow as Graph, Understudy } from "../../src/index.js";

/** What a canvas holds is saved as it is. */
export async function save(understudy: Understudy, nodes: Node[], edges: Edge[]): Promise<string> {
  const created = await understudy.createWorkflow({ body: { name: "Mine", nodes, edges } });
  await understudy.replaceWorkflow({ workflow_id: created.id, body: { name: "Mine", nodes, edges } });
  await understudy.updateWorkflow({ workflow_id: created.id, body: { nodes, edges } });
  return created.id;
}

/** What toObject() gives is a body. */
export async function saveObject(understudy: Understudy, flow: ReactFlowJsonObject): Promise<void> {
  await understudy.createWorkflow({ body: flow });
  await understudy.createWorkflow({ body: { ...flow, name: "Mine" } });
}

type TaskNode = Node<{ label: string; config: { seconds: number } }, "task">;
type LabelEdge = Edge<{ label: string }, "labelled">;

/** Nodes and edges with types of one's own are saved, too. */
export async function saveOwn(understudy: Understudy, nodes: TaskNode[], edges: LabelEdge[]): Promise<void> {
  await understudy.createWorkflow({ body: { nodes, edges } });
  await understudy.createNode({ workflow_id: "wf", body: nodes[0]! });
}

/** What was saved is what a canvas takes. */
export function Canvas({ graph, understudy }: { graph: Graph; understudy: Understudy }) {
  const [nodes, setNodes, onNodesChange] = useNodesState(graph.nodes);
  const [edges, setEdges, onEdgesChange] = useEdgesState(graph.edges);
  const { setViewport, toObject } = useReactFlow();

  async function load(workflow_id: string): Promise<void> {
    const { nodes, edges, viewport } = await understudy.getWorkflow({ workflow_id, shape: "reactflow" });
    setNodes(nodes);
    setEdges(edges);
    await setViewport(viewport);
  }

  async function save(workflow_id: string): Promise<void> {
    await understudy.replaceWorkflow({ workflow_id, body: { name: "Mine", ...toObject() } });
    await load(workflow_id);
  }

  const plain: { nodes: Node[]; edges: Edge[] } = graph;
  const changes = { onNodesChange, onEdgesChange, onClick: () => void save("wf") };
  return <ReactFlow nodes={nodes} edges={edges} {...changes} title={`${plain.nodes.length}`} />;
}
