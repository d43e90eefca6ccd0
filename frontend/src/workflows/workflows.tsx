import { FileUp, Plus, Search as Glass, X } from "lucide-react";
import { useLocation } from "wouter";
import type { WorkflowStatus } from "understudy-client";

import { api } from "../api/client.ts";
import { DropHint } from "../editor/drop-hint.tsx";
import { pickDocument, useDrops, useImport } from "../editor/importing.ts";
import { countOf } from "../parts/amounts.ts";
import { Button } from "../parts/button.tsx";
import { notifyOf, wordsOf } from "../parts/notices.tsx";
import { Pager } from "../parts/pager.tsx";
import { Beginning, NothingFound } from "./nothing.tsx";
import { isNarrow, search, SORTS, STATUSES, useSearch, useWorkflows } from "./search.ts";
import { WorkflowRow } from "./workflow-row.tsx";
import styles from "./workflows.module.css";

/** The room of the workflows: all of them, and the way to new ones. */
export function Workflows() {
  const importNew = useImport();
  const isOver = useDrops(importNew);
  const { data, error } = useWorkflows();
  const isNarrowed = isNarrow(useSearch());
  const isEmpty = data?.total === 0 && !isNarrowed;
  const create = useCreating();
  return (
    <div className={styles.room}>
      <header className={styles.head}>
        <div>
          <h1>Workflows</h1>
          <p className={styles.soft}>{data ? countOf(data.total, "workflow") : "…"}</p>
        </div>
        <div className={styles.actions}>
          <Button icon={FileUp} onClick={() => pickDocument((read) => void importNew(read))}>
            Import
          </Button>
          <Button icon={Plus} look="main" onClick={create}>
            New workflow
          </Button>
        </div>
      </header>
      {!isEmpty && <Filters />}
      {error && !data && <p role="alert">{wordsOf(error)}</p>}
      {isEmpty ? <Beginning onCreate={create} /> : <Found />}
      {isOver && <DropHint />}
    </div>
  );
}

function useCreating(): () => void {
  const [, go] = useLocation();
  return () => {
    api.createWorkflow({ body: {} }).then(({ id }) => go(`/workflows/${id}`), notifyOf);
  };
}

/** What narrows the list. */
function Filters() {
  const { q, status, tag, sort } = useSearch();
  return (
    <div className={styles.filters} role="search" aria-label="Workflows">
      <label className={styles.search}>
        <Glass size={16} aria-hidden />
        <input
          type="search"
          aria-label="Search workflows"
          placeholder="Search by name, description or tag"
          value={q}
          onChange={(event) => search({ q: event.target.value })}
        />
      </label>
      <select
        aria-label="Status"
        value={status}
        onChange={(event) => search({ status: event.target.value as WorkflowStatus | "" })}
      >
        <option value="">All statuses</option>
        {STATUSES.map((one) => (
          <option key={one}>{one}</option>
        ))}
      </select>
      <select
        aria-label="Sort by"
        value={sort}
        onChange={(event) => search({ sort: event.target.value as keyof typeof SORTS })}
      >
        {Object.entries(SORTS).map(([value, words]) => (
          <option key={value} value={value}>
            {words}
          </option>
        ))}
      </select>
      {tag && (
        <button
          type="button"
          className={styles.chosen}
          aria-label={`${tag}: no longer only this tag`}
          onClick={() => search({ tag: "" })}
        >
          <span>{tag}</span>
          <X size={14} aria-hidden />
        </button>
      )}
    </div>
  );
}

function Found() {
  const { data, isPlaceholderData } = useWorkflows();
  const { page } = useSearch();
  if (!data) return null;
  if (!data.items.length) return <NothingFound />;
  return (
    <>
      <ul className={styles.list} aria-label="Workflows" aria-busy={isPlaceholderData}>
        {data.items.map((workflow) => (
          <WorkflowRow key={workflow.id} workflow={workflow} />
        ))}
      </ul>
      <Pager page={page} pages={data.pages} onChange={(next) => search({ page: next })} />
    </>
  );
}
