import { FileUp, Plus, X } from "lucide-react";
import { useEffect } from "react";
import { useLocation } from "wouter";

import { api } from "../api/client.ts";
import { DropHint } from "../editor/drop-hint.tsx";
import { pickDocument, useDrops, useImport } from "../editor/importing.ts";
import { countOf } from "../parts/amounts.ts";
import { Button } from "../parts/button.tsx";
import { Choice, Filters, SearchBox } from "../parts/filters.tsx";
import { wordsOf } from "../parts/notices.tsx";
import { useOnce } from "../parts/once.ts";
import { Pager } from "../parts/pager.tsx";
import { Room } from "../parts/room.tsx";
import { Beginning, NothingFound } from "./nothing.tsx";
import { isNarrow, MOST_LOOKED_FOR, search, SORTS, STATUS_CHOICES, useSearch, useWorkflows } from "./search.ts";
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
  const actions = (
    <>
      <Button icon={FileUp} onClick={() => pickDocument((read) => void importNew(read))}>
        Import
      </Button>
      <Button icon={Plus} look="main" onClick={create}>
        New workflow
      </Button>
    </>
  );
  return (
    <Room title="Workflows" amount={data && countOf(data.total, "workflow")} actions={actions}>
      {!isEmpty && <WorkflowFilters />}
      {error && !data && <p role="alert">{wordsOf(error)}</p>}
      {isEmpty ? <Beginning onCreate={create} /> : <Found />}
      {isOver && <DropHint />}
    </Room>
  );
}

function useCreating(): () => void {
  const [, go] = useLocation();
  const once = useOnce();
  return () => once(async () => go(`/workflows/${(await api.createWorkflow({ body: {} })).id}`));
}

/** What narrows the list. */
function WorkflowFilters() {
  const { q, status, tag, sort } = useSearch();
  return (
    <Filters label="Workflows">
      <SearchBox
        label="Search workflows"
        placeholder="Search by name, description or tag"
        value={q}
        maxLength={MOST_LOOKED_FOR}
        onChange={(q) => search({ q })}
      />
      <Choice label="Status" value={status} options={STATUS_CHOICES} onChange={(status) => search({ status })} />
      <Choice label="Sort by" value={sort} options={SORTS} onChange={(sort) => search({ sort })} />
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
    </Filters>
  );
}

function Found() {
  const { data, isPlaceholderData } = useWorkflows();
  const { page } = useSearch();
  const last = Math.max(1, data?.pages ?? page);
  // What stood on this page may have been deleted.
  useEffect(() => {
    if (!isPlaceholderData && page > last) search({ page: last });
  }, [isPlaceholderData, page, last]);
  if (!data || page > last) return null;
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
