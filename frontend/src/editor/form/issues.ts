import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import type { Issue } from "understudy-client";

import { api } from "../../api/client.ts";
import type { FlowNode } from "../flow.ts";

/** What the server says of a configuration, by where it is. */
export interface Judged {
  readonly messages: ReadonlyMap<string, readonly string[]>;
}

type Config = Record<string, unknown> | null;

const PLACE = "/nodes/0/data";
const AFTER = 300;

/** What is wrong with the data of one node, as the server says it, a moment after each change. */
export function useJudged(workflowId: string, { id, type, data }: FlowNode): Judged {
  const config = useSettled(data["config"]);
  const { data: issues } = useQuery({
    queryKey: ["config issues", workflowId, id, type, config],
    queryFn: ({ signal }) =>
      judgeNode(workflowId, { id, type: type ?? null, data: { config: config as Config } }, signal),
    placeholderData: keepPreviousData,
    retry: false,
    gcTime: 0,
  });
  return { messages: byPlace(issues ?? []) };
}

/** What is said of the value at a path in the configuration. */
export function messagesAt({ messages }: Judged, path: readonly (string | number)[]): readonly string[] {
  return messages.get(pointerOf(path)) ?? [];
}

/** A path as a JSON Pointer. */
function pointerOf(path: readonly (string | number)[]): string {
  return path.map((part) => `/${String(part).replaceAll("~", "~0").replaceAll("/", "~1")}`).join("");
}

function byPlace(issues: readonly Issue[]): ReadonlyMap<string, readonly string[]> {
  const messages = new Map<string, string[]>();
  for (const { pointer, message } of issues) {
    if (!pointer.startsWith(`${PLACE}/config`)) continue;
    const place = pointer.slice(`${PLACE}/config`.length);
    messages.set(place, [...(messages.get(place) ?? []), message]);
  }
  return messages;
}

async function judgeNode(
  workflow_id: string,
  node: { id: string; type: string | null; data: { config: Config } },
  signal: AbortSignal,
): Promise<readonly Issue[]> {
  return (await api.validateWorkflow({ workflow_id, body: { nodes: [node], connections: [] }, signal })).issues;
}

/** A value that has not changed for a moment. */
function useSettled<Value>(value: Value): Value {
  const [settled, setSettled] = useState(value);
  useEffect(() => {
    const waiting = setTimeout(() => setSettled(value), AFTER);
    return () => clearTimeout(waiting);
  }, [value]);
  return settled;
}
