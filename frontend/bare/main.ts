// React Flow and nothing else: what the benchmark of the console is measured against. `?graph=` is where the graph is,
// `?events=` a stream whose statuses the nodes show.
import "@xyflow/react/dist/style.css";

import {
  Background,
  Controls,
  type Edge,
  MiniMap,
  type Node,
  ReactFlow,
  useEdgesState,
  useNodesState,
} from "@xyflow/react";
import { createElement, useEffect } from "react";
import { createRoot } from "react-dom/client";

interface Graph {
  readonly nodes: Node[];
  readonly edges: Edge[];
}

const STATUSES: Readonly<Record<string, string>> = { "node.started": "running", "node.completed": "completed" };

const asked = new URLSearchParams(location.search);
const answer = await fetch(asked.get("graph")!);
createRoot(document.getElementById("root")!).render(createElement(Bare, (await answer.json()) as Graph));

function Bare(graph: Graph) {
  const [nodes, setNodes, onNodesChange] = useNodesState(graph.nodes);
  const [edges, , onEdgesChange] = useEdgesState(graph.edges);
  useEffect(() => {
    const events = asked.get("events");
    if (!events) return;
    const source = new EventSource(events);
    source.onmessage = ({ data }: MessageEvent<string>) => {
      const event = JSON.parse(data) as { type: string; data: { node_id?: string } };
      const status = STATUSES[event.type];
      if (status) setNodes((nodes) => nodes.map((node) => (node.id === event.data.node_id ? at(node, status) : node)));
    };
    return () => source.close();
  }, [setNodes]);
  return createElement(
    ReactFlow,
    { nodes, edges, onNodesChange, onEdgesChange, fitView: true, minZoom: 0.05 },
    createElement(Background),
    createElement(Controls),
    createElement(MiniMap),
  );
}

function at(node: Node, status: string): Node {
  return { ...node, domAttributes: { "data-status": status } as Node["domAttributes"] & object };
}
