import { Copy, Download, Ellipsis, Trash2, Workflow } from "lucide-react";
import { useState } from "react";
import { Link } from "wouter";
import type { WorkflowSummary } from "understudy-client";

import { api } from "../api/client.ts";
import { queries } from "../api/queries.ts";
import { fileNameOf } from "../editor/documents.ts";
import { countOf, dayAndTimeOf } from "../parts/amounts.ts";
import { Menu } from "../parts/menu.tsx";
import { notify, notifyOf } from "../parts/notices.tsx";
import { Status } from "../parts/status.tsx";
import { download } from "../parts/download.ts";
import { DeleteDialog } from "./delete-dialog.tsx";
import { search } from "./search.ts";
import styles from "./workflows.module.css";

const MOST_TAGS = 6;

/** A workflow in the list: what it is, how it ran last, and what can be done with it. */
export function WorkflowRow({ workflow }: { readonly workflow: WorkflowSummary }) {
  const { id, name, description, tags, node_count, updated_at } = workflow;
  return (
    <li className={styles.row}>
      <span className={styles.icon} aria-hidden>
        <Workflow size={16} />
      </span>
      <div className={styles.about}>
        <h2 className={styles.name}>
          <Link href={`/workflows/${id}`} className={styles.link}>
            {name}
          </Link>
        </h2>
        {description && <p className={styles.description}>{description}</p>}
        {tags.length > 0 && <Tags tags={tags} />}
      </div>
      <Last workflow={workflow} />
      <div className={styles.facts}>
        <span>{countOf(node_count, "node")}</span>
        <span>Changed {dayAndTimeOf(updated_at)}</span>
      </div>
      <div className={styles.menu}>
        <More workflow={workflow} />
      </div>
    </li>
  );
}

function Tags({ tags }: { readonly tags: readonly string[] }) {
  return (
    <div className={styles.tags}>
      {tags.slice(0, MOST_TAGS).map((tag) => (
        <button
          key={tag}
          type="button"
          className={styles.tag}
          aria-label={`${tag}: only this tag`}
          title={tag}
          onClick={() => search({ tag })}
        >
          {tag}
        </button>
      ))}
      {tags.length > MOST_TAGS && <span className={styles.soft}>{`and ${tags.length - MOST_TAGS} more`}</span>}
    </div>
  );
}

/** How its last execution went, and a link to it. */
function Last({ workflow: { id, status, last_execution } }: { readonly workflow: WorkflowSummary }) {
  if (!last_execution)
    return (
      <div className={styles.last}>
        <Status status={status} />
        <span>Never ran</span>
      </div>
    );
  return (
    <div className={styles.last}>
      <Status status={status} />
      <Link href={`/workflows/${id}/executions/${last_execution.id}`} className={styles.when}>
        {dayAndTimeOf(last_execution.started_at ?? last_execution.created_at)}
      </Link>
    </div>
  );
}

function More({ workflow: { id, name } }: { readonly workflow: WorkflowSummary }) {
  const [isDeleting, setDeleting] = useState(false);
  return (
    <>
      <Menu
        label={`More about ${name}`}
        icon={Ellipsis}
        items={[
          { name: "Duplicate", icon: Copy, act: () => void duplicate(id) },
          { name: "Export as a file", icon: Download, act: () => void exportFile(id, name) },
          { name: "Delete …", icon: Trash2, isDanger: true, act: () => setDeleting(true) },
        ]}
      />
      {isDeleting && <DeleteDialog name={name} onDelete={() => remove(id, name)} onClose={() => setDeleting(false)} />}
    </>
  );
}

async function duplicate(workflow_id: string): Promise<void> {
  await telling(async () => {
    const { name } = await api.duplicateWorkflow({ workflow_id });
    return `“${name}” is there now.`;
  });
}

async function remove(workflow_id: string, name: string): Promise<void> {
  await api.deleteWorkflow({ workflow_id });
  notify(`“${name}” is deleted.`);
  await queries.invalidateQueries({ queryKey: ["workflows"] });
}

async function exportFile(workflow_id: string, name: string): Promise<void> {
  await telling(async () => {
    download(fileNameOf(name), "application/json", JSON.stringify(await api.exportWorkflow({ workflow_id }), null, 2));
    return `“${name}” is exported.`;
  });
}

/** Do something with a workflow, tell of it, and show the list as it is then. */
async function telling(act: () => Promise<string>): Promise<void> {
  try {
    notify(await act());
    await queries.invalidateQueries({ queryKey: ["workflows"] });
  } catch (error) {
    notifyOf(error);
  }
}
