import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { ListVideo, SearchX } from "lucide-react";
import { useState } from "react";
import { Link } from "wouter";

import { api } from "../api/client.ts";
import { countOf } from "../parts/amounts.ts";
import { Button } from "../parts/button.tsx";
import { Choice, Filters, SearchBox } from "../parts/filters.tsx";
import { wordsOf } from "../parts/notices.tsx";
import { Pager } from "../parts/pager.tsx";
import { Nothing, Room } from "../parts/room.tsx";
import styles from "./executions.module.css";
import { ExecutionTable } from "./table.tsx";
import { modeOf } from "./words.ts";

const PER_PAGE = 25;
const SORTS = [
  ["-created_at", "Newest first"],
  ["created_at", "Oldest first"],
  ["-finished_at", "Finished last"],
  ["status", "By status"],
] as const;
const STATUSES = [
  ["", "Any status"],
  ...(["running", "waiting", "paused", "pending", "completed", "failed", "stopped"] as const).map(
    (status) => [status, status] as const,
  ),
] as const;
const MODES = [
  ["", "Started in any way"],
  ...(["manual", "partial", "process_files", "retry", "sub_workflow", "schedule", "webhook"] as const).map(
    (mode) => [mode, modeOf(mode)] as const,
  ),
] as const;

interface Filter {
  readonly q: string;
  readonly status: (typeof STATUSES)[number][0];
  readonly mode: (typeof MODES)[number][0];
  readonly workflow_id: string;
  readonly sort: (typeof SORTS)[number][0];
  readonly page: number;
}

const ALL: Filter = { q: "", status: "", mode: "", workflow_id: "", sort: "-created_at", page: 1 };

/** All executions of the sandbox, as they change. */
export default function Executions() {
  const [filter, setFilter] = useState(ALL);
  const { data, error } = useExecutions(filter);
  const change = (part: Partial<Filter>) => setFilter({ ...filter, page: 1, ...part });
  const isFiltered = Boolean(filter.q || filter.status || filter.mode || filter.workflow_id);
  return (
    <Room title="Executions" amount={data && countOf(data.total, "execution")}>
      <ExecutionFilters filter={filter} onChange={change} />
      {error && <p role="alert">{wordsOf(error)}</p>}
      {data?.total === 0 && <Empty isFiltered={isFiltered} onClear={() => setFilter(ALL)} />}
      {data && data.total > 0 && (
        <div className={styles.scroll}>
          <ExecutionTable executions={data.items} />
        </div>
      )}
      {data && <Pager page={filter.page} pages={data.pages} onChange={(page) => change({ page })} />}
    </Room>
  );
}

function useExecutions({ q, status, mode, workflow_id, sort, page }: Filter) {
  return useQuery({
    queryKey: ["executions", "found", { q, status, mode, workflow_id, sort, page }],
    queryFn: ({ signal }) =>
      api.listExecutions({
        page,
        per_page: PER_PAGE,
        sort,
        ...(q && { q }),
        ...(status && { status }),
        ...(mode && { mode }),
        ...(workflow_id && { workflow_id }),
        signal,
      }),
    placeholderData: keepPreviousData,
  });
}

interface FiltersProps {
  readonly filter: Filter;
  onChange(part: Partial<Filter>): void;
}

function ExecutionFilters({ filter, onChange }: FiltersProps) {
  const workflows = useQuery({
    queryKey: ["workflows", "names"],
    queryFn: ({ signal }) => api.listWorkflows({ per_page: 500, sort: "name", signal }),
  });
  const choices = (workflows.data?.items ?? []).map(({ id, name }) => [id, name || "Untitled"] as const);
  return (
    <Filters label="Executions">
      <SearchBox
        label="Search executions"
        placeholder="Search by workflow or id"
        value={filter.q}
        onChange={(q) => onChange({ q })}
      />
      <Choice label="Status" value={filter.status} options={STATUSES} onChange={(status) => onChange({ status })} />
      <Choice
        label="Workflow"
        value={filter.workflow_id}
        options={[["", "Any workflow"], ...choices]}
        onChange={(workflow_id) => onChange({ workflow_id })}
      />
      <Choice label="Started" value={filter.mode} options={MODES} onChange={(mode) => onChange({ mode })} />
      <Choice label="Order" value={filter.sort} options={SORTS} onChange={(sort) => onChange({ sort })} />
    </Filters>
  );
}

function Empty({ isFiltered, onClear }: { readonly isFiltered: boolean; onClear(): void }) {
  if (!isFiltered)
    return (
      <Nothing icon={ListVideo} title="No executions yet">
        <p>
          Nothing has run yet. Open a <Link href="/">workflow</Link> and run it.
        </p>
      </Nothing>
    );
  return (
    <Nothing icon={SearchX} title="No execution matches">
      <p>No execution is like that.</p>
      <Button onClick={onClear}>Show all</Button>
    </Nothing>
  );
}
