import { useQuery } from "@tanstack/react-query";
import { Redirect } from "wouter";

import { api } from "./api/client.ts";
import { Workflows } from "./workflows/workflows.tsx";

const wasBare = location.hash === "";

/** The first room: at the bare address it is the workflow that runs, if one does; else it is the list. */
export function First() {
  const { data, isPending } = useQuery({ queryKey: ["first"], queryFn: findRunning, enabled: wasBare, retry: false });
  if (wasBare && isPending) return null;
  const isBare = location.hash === "";
  return isBare && data ? <Redirect to={data} replace /> : <Workflows />;
}

/** Where the newest execution that runs is to be seen. */
async function findRunning(): Promise<string | null> {
  const { items } = await api.listExecutions({ status: ["running"], per_page: 1 });
  const [running] = items;
  return running ? `/workflows/${running.workflow_id}/executions/${running.id}` : null;
}
