import { useQuery } from "@tanstack/react-query";
import type { NodeType } from "understudy-client";

import { api } from "./client.ts";

const NONE: ReadonlyMap<string, NodeType> = new Map();

const NODE_TYPES = { queryKey: ["node-types"], queryFn: readNodeTypes, staleTime: Infinity };

/** All types of nodes, by name; none until they are read. */
export function useNodeTypes(): ReadonlyMap<string, NodeType> {
  return useQuery(NODE_TYPES).data ?? NONE;
}

/** Whether the types are still being read. */
export function useAreTypesPending(): boolean {
  return useQuery(NODE_TYPES).isPending;
}

async function readNodeTypes(): Promise<ReadonlyMap<string, NodeType>> {
  const { items } = await api.listNodeTypes();
  return new Map(items.map((type) => [type.type, type]));
}
