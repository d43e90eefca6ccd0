import { LayoutTemplate, Search as Glass } from "lucide-react";
import { useState } from "react";
import type { TemplateSummary, TemplateSummaryPage } from "understudy-client";

import { countOf } from "../parts/amounts.ts";
import { Button } from "../parts/button.tsx";
import { wordsOf } from "../parts/notices.tsx";
import { Pager } from "../parts/pager.tsx";
import { ALL, type Search, useCategories, useTemplates } from "./reading.ts";
import { TemplateCard } from "./template-card.tsx";
import { TemplateDetails } from "./template-details.tsx";
import styles from "./templates.module.css";

/** The room of the templates: ready-made workflows to start from. */
export default function Templates() {
  const [search, setSearch] = useState(ALL);
  const [openedId, setOpenedId] = useState<string>();
  const { data, error } = useTemplates(search);
  const opened = data?.items.find(({ id }) => id === openedId);
  return (
    <div className={styles.room}>
      <header>
        <h1>Templates</h1>
        <p className={styles.soft}>{data ? countOf(data.total, "template") : "…"}</p>
      </header>
      <Filters search={search} onChange={setSearch} />
      {error && <p role="alert">{wordsOf(error)}</p>}
      {data && <Found found={data} search={search} onSearch={setSearch} onOpen={({ id }) => setOpenedId(id)} />}
      {opened && <TemplateDetails key={opened.id} summary={opened} onClose={() => setOpenedId(undefined)} />}
    </div>
  );
}

interface FiltersProps {
  readonly search: Search;
  onChange(search: Search): void;
}

function Filters({ search, onChange }: FiltersProps) {
  const categories = useCategories();
  return (
    <div className={styles.filters} role="search" aria-label="Templates">
      <label className={styles.search}>
        <Glass size={16} aria-hidden />
        <input
          type="search"
          aria-label="Search templates"
          placeholder="Search by name, description or tag"
          value={search.q}
          onChange={(event) => onChange({ ...search, q: event.target.value, page: 1 })}
        />
      </label>
      <select
        aria-label="Category"
        value={search.category}
        onChange={(event) => onChange({ ...search, category: event.target.value, page: 1 })}
      >
        <option value="">All categories</option>
        {categories.map((category) => (
          <option key={category}>{category}</option>
        ))}
      </select>
    </div>
  );
}

interface FoundProps {
  readonly found: TemplateSummaryPage;
  readonly search: Search;
  onSearch(search: Search): void;
  onOpen(template: TemplateSummary): void;
}

function Found({ found: { items, pages }, search, onSearch, onOpen }: FoundProps) {
  if (!items.length) return <Nothing isAll={!search.q && !search.category} onAll={() => onSearch(ALL)} />;
  return (
    <>
      <ul className={styles.gallery} aria-label="Templates">
        {items.map((template) => (
          <TemplateCard key={template.id} summary={template} onOpen={onOpen} />
        ))}
      </ul>
      <Pager page={search.page} pages={pages} onChange={(page) => onSearch({ ...search, page })} />
    </>
  );
}

function Nothing({ isAll, onAll }: { readonly isAll: boolean; onAll(): void }) {
  return (
    <div className={styles.nothing}>
      <LayoutTemplate size={32} aria-hidden />
      <h2>{isAll ? "No templates yet" : "No template matches"}</h2>
      <p>{isAll ? "Open a workflow and save it as a template." : "Try another word or another category."}</p>
      {!isAll && <Button onClick={onAll}>Show all templates</Button>}
    </div>
  );
}
