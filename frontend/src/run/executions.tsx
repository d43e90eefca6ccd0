import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { Link } from "wouter";
import type { ExecutionStatus } from "understudy-client";

import { api } from "../api/client.ts";
import { wordsOf } from "../parts/notices.tsx";
import { Pager } from "../parts/pager.tsx";
import styles from "./executions.module.css";
import { ExecutionTable } from "./table.tsx";
import { modeOf } from "./words.ts";

const PER_PAGE = 25;
const STATUSES = ["running", "waiting", "paused", "pending", "completed", "failed", "stopped"] as const;
const MODES = ["manual", "partial", "process_files", "retry", "sub_workflow", "schedule", "webhook"] as const;
const SORTS = {
  "-created_at": "Newest first",
  created_at: "Oldest first",
  "-finished_at": "Finished last",
  status: "By status",
} as const;

interface Filter {
  readonly q: string;
  readonly status: ExecutionStatus | "";
  readonly mode: (typeof MODES)[number] | "";
  readonly workflow_id: string;
  readonly sort: keyof typeof SORTS;
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
    <div className={styles.room}>
      <header className={styles.head}>
        <h1>Executions</h1>
        {data && <span className={styles.total} role="status">{`${data.total.toLocaleString("en")} found`}</span>}
      </header>
      <Filters filter={filter} onChange={change} />
      {error && <p className={styles.nothing}>{wordsOf(error)}</p>}
      {data?.total === 0 && <Nothing isFiltered={isFiltered} onClear={() => setFilter(ALL)} />}
      {data && data.total > 0 && (
        <div className={styles.scroll}>
          <ExecutionTable executions={data.items} />
        </div>
      )}
      {data && <Pager page={filter.page} pages={data.pages} onChange={(page) => change({ page })} />}
    </div>
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

function Filters({ filter, onChange }: FiltersProps) {
  const workflows = useQuery({
    queryKey: ["workflows", "names"],
    queryFn: ({ signal }) => api.listWorkflows({ per_page: 500, sort: "name", signal }),
  });
  const choices = Object.fromEntries((workflows.data?.items ?? []).map(({ id, name }) => [id, name || "Untitled"]));
  return (
    <div className={styles.filters} role="search" aria-label="Executions">
      <input
        type="search"
        aria-label="Search executions"
        placeholder="Search by workflow or id"
        value={filter.q}
        onChange={({ target }) => onChange({ q: target.value })}
      />
      <Choice
        label="Status"
        none="Any status"
        value={filter.status}
        choices={asChoices(STATUSES)}
        onChange={(status) => onChange({ status })}
      />
      <Choice
        label="Workflow"
        none="Any workflow"
        value={filter.workflow_id}
        choices={choices}
        onChange={(workflow_id) => onChange({ workflow_id })}
      />
      <Choice
        label="Started"
        none="Started in any way"
        value={filter.mode}
        choices={asChoices(MODES, modeOf)}
        onChange={(mode) => onChange({ mode })}
      />
      <Choice
        label="Order"
        value={filter.sort}
        choices={SORTS}
        onChange={(sort) => onChange({ sort: sort || "-created_at" })}
      />
    </div>
  );
}

interface ChoiceProps<Value extends string> {
  readonly label: string;
  readonly none?: string;
  readonly value: NoInfer<Value> | "";
  readonly choices: Readonly<Record<Value, string>>;
  onChange(value: NoInfer<Value> | ""): void;
}

function Choice<Value extends string>({ label, none, value, choices, onChange }: ChoiceProps<Value>) {
  return (
    <select aria-label={label} value={value} onChange={({ target }) => onChange(target.value as Value | "")}>
      {none !== undefined && <option value="">{none}</option>}
      {Object.entries<string>(choices).map(([name, words]) => (
        <option key={name} value={name}>
          {words}
        </option>
      ))}
    </select>
  );
}

function asChoices<Name extends string>(
  names: readonly Name[],
  wordsOf = (name: string) => name,
): Record<Name, string> {
  return Object.fromEntries(names.map((name) => [name, wordsOf(name)])) as Record<Name, string>;
}

function Nothing({ isFiltered, onClear }: { readonly isFiltered: boolean; onClear(): void }) {
  if (!isFiltered)
    return (
      <p className={styles.nothing}>
        Nothing has run yet. Open a <Link href="/">workflow</Link> and run it.
      </p>
    );
  return (
    <p className={styles.nothing}>
      No execution is like that.{" "}
      <button type="button" className={styles.clear} onClick={onClear}>
        Show all
      </button>
    </p>
  );
}
