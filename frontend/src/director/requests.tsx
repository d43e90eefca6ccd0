import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useVirtualizer } from "@tanstack/react-virtual";
import { ChevronRight, Trash2 } from "lucide-react";
import { useRef, useState } from "react";
import type { LoggedRequest } from "understudy-client";

import { control } from "../api/control.ts";
import { exactTimeOf } from "../parts/amounts.ts";
import { Facts } from "../parts/facts.tsx";
import { wordsOf } from "../parts/notices.tsx";
import { deed, type Deed } from "./deed.ts";
import { Deeds } from "./deeds.tsx";
import { SelectField, TextField } from "./field.tsx";
import type { Recipe } from "./recipe.ts";
import styles from "./requests.module.css";
import { Fields, Section, Soft } from "./section.tsx";
import { numberIn, textIn } from "./text.ts";

type Filters = Pick<Recipe<"listRequests">["given"], "method" | "path" | "status" | "rule">;

const METHODS = ["GET", "POST", "PUT", "PATCH", "DELETE", "HEAD"];
const BLANK = { method: "", path: "", status: "", rule: "" };

/** What the sandbox was asked, the latest first. */
export function Requests() {
  const [draft, setDraft] = useState(BLANK);
  const filters = toFilters(draft);
  const { data, error } = useQuery({
    queryKey: ["control", "requests", filters],
    queryFn: ({ signal }) => control.listRequests({ ...filters, signal }),
    placeholderData: keepPreviousData,
  });
  const set = (part: Partial<typeof BLANK>) => setDraft({ ...draft, ...part });
  return (
    <Section title="Request log" refreshes="requests">
      <Deeds about="request log" deeds={[list(filters), clear(filters)]}>
        <Fields>
          <SelectField
            label="Method"
            value={draft.method}
            options={[["", "any"], ...METHODS.map((method) => [method, method] as const)]}
            onChange={(method) => set({ method })}
          />
          <TextField
            label="Status"
            {...{ type: "number", min: 100, max: 599, placeholder: "any" }}
            value={draft.status}
            onChange={(status) => set({ status })}
          />
        </Fields>
        <Fields>
          <TextField label="Path" placeholder="/api/**" value={draft.path} onChange={(path) => set({ path })} />
          <TextField label="Bent by rule" placeholder="any" value={draft.rule} onChange={(rule) => set({ rule })} />
        </Fields>
      </Deeds>
      {error && <Soft>{wordsOf(error)}</Soft>}
      {data && !data.items.length && <Soft>No request fits.</Soft>}
      {data && !!data.items.length && <Log requests={data.items.toReversed()} />}
    </Section>
  );
}

function toFilters({ method, path, status, rule }: typeof BLANK): Filters {
  const given = { method: textIn(method), path: textIn(path), status: numberIn(status), rule: textIn(rule) };
  return Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined));
}

const ROW = 32;

/** The rows in view; of thousands, no more are drawn. */
function Log({ requests }: { readonly requests: readonly LoggedRequest[] }) {
  const scroller = useRef<HTMLDivElement>(null);
  const [open, setOpen] = useState<string>();

  const rows = useVirtualizer({
    count: requests.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => ROW,
    overscan: 8,
  });
  return (
    <div ref={scroller} className={styles.log} tabIndex={0} role="region" aria-label="Requests">
      <ul style={{ height: rows.getTotalSize() }}>
        {rows.getVirtualItems().map(({ index, start }) => {
          const id = String(requests.length - index);
          return (
            <li key={id} ref={rows.measureElement} data-index={index} style={{ transform: `translateY(${start}px)` }}>
              <Row
                request={requests[index]!}
                isOpen={open === id}
                onToggle={() => setOpen(open === id ? undefined : id)}
              />
            </li>
          );
        })}
      </ul>
    </div>
  );
}

interface RowProps {
  readonly request: LoggedRequest;
  readonly isOpen: boolean;
  onToggle(): void;
}

function Row({ request, isOpen, onToggle }: RowProps) {
  const { method, path, status, ms } = request;
  const isBad = status === null || status >= 400;
  return (
    <>
      <button type="button" className={styles.row} aria-expanded={isOpen} onClick={onToggle}>
        <ChevronRight size={16} aria-hidden />
        <b>{method}</b>
        <span className={styles.path}>
          <bdi dir="ltr">{path}</bdi>
        </span>
        <span className={isBad ? styles.bad : styles.good}>{status ?? "broken"}</span>
        <span className={styles.ms}>{`${Math.round(ms)} ms`}</span>
      </button>
      {isOpen && <Details request={request} />}
    </>
  );
}

function Details({ request: { at, path, query, ms, rule } }: { readonly request: LoggedRequest }) {
  const parameters = Object.fromEntries(new URLSearchParams(query));
  return (
    <div className={styles.details}>
      <Facts
        facts={{ Path: path, ...parameters, Answered: exactTimeOf(at), Took: `${ms} ms`, "Bent by": rule ?? "nothing" }}
      />
    </div>
  );
}

function list(filters: Filters): Deed {
  return deed({
    label: "Read",
    recipe: { id: "listRequests", given: filters },
    tell: ({ items }) => (items.length === 1 ? "1 request fits." : `${items.length} requests fit.`),
  });
}

function clear(filters: Filters): Deed {
  return deed({
    label: "Clear",
    icon: Trash2,
    recipe: { id: "clearRequests", given: filters },
    tell: () => "Those requests were forgotten.",
  });
}
