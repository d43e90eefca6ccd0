import { LayoutTemplate } from "lucide-react";
import { useState } from "react";
import type { TemplateSummary, TemplateSummaryPage } from "understudy-client";

import { countOf } from "../parts/amounts.ts";
import { Button } from "../parts/button.tsx";
import { Choice, Filters, SearchBox } from "../parts/filters.tsx";
import { wordsOf } from "../parts/notices.tsx";
import { Pager } from "../parts/pager.tsx";
import { Nothing, Room } from "../parts/room.tsx";
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
    <Room title="Templates" amount={data && countOf(data.total, "template")}>
      <TemplateFilters search={search} onChange={setSearch} />
      {error && <p role="alert">{wordsOf(error)}</p>}
      {data && <Found found={data} search={search} onSearch={setSearch} onOpen={({ id }) => setOpenedId(id)} />}
      {opened && <TemplateDetails key={opened.id} summary={opened} onClose={() => setOpenedId(undefined)} />}
    </Room>
  );
}

interface FiltersProps {
  readonly search: Search;
  onChange(search: Search): void;
}

function TemplateFilters({ search, onChange }: FiltersProps) {
  const categories = useCategories();
  return (
    <Filters label="Templates">
      <SearchBox
        label="Search templates"
        placeholder="Search by name, description or tag"
        value={search.q}
        onChange={(q) => onChange({ ...search, q, page: 1 })}
      />
      <Choice
        label="Category"
        value={search.category}
        options={[["", "All categories"], ...categories.map((category) => [category, category] as const)]}
        onChange={(category) => onChange({ ...search, category, page: 1 })}
      />
    </Filters>
  );
}

interface FoundProps {
  readonly found: TemplateSummaryPage;
  readonly search: Search;
  onSearch(search: Search): void;
  onOpen(template: TemplateSummary): void;
}

function Found({ found: { items, pages }, search, onSearch, onOpen }: FoundProps) {
  if (!items.length) return <Empty isAll={!search.q && !search.category} onAll={() => onSearch(ALL)} />;
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

function Empty({ isAll, onAll }: { readonly isAll: boolean; onAll(): void }) {
  return (
    <Nothing icon={LayoutTemplate} title={isAll ? "No templates yet" : "No template matches"}>
      <p>{isAll ? "Open a workflow and save it as a template." : "Try another word or another category."}</p>
      {!isAll && <Button onClick={onAll}>Show all templates</Button>}
    </Nothing>
  );
}
