import { useQuery } from "@tanstack/react-query";
import type { NodeType } from "understudy-client";

import { api } from "./client.ts";

const NONE: ReadonlyMap<string, NodeType> = new Map();

/** All types of nodes, by name; none until they are read. */
export function useNodeTypes(): ReadonlyMap<string, NodeType> {
  return useQuery({ queryKey: ["node-types"], queryFn: readNodeTypes, staleTime: Infinity }).data ?? NONE;
}

async function readNodeTypes(): Promise<ReadonlyMap<string, NodeType>> {
  const { items } = await api.listNodeTypes();
  return new Map(items.map((type) => [type.type, type]));
}
