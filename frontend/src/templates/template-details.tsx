import { Download, Pencil, Play, Trash2 } from "lucide-react";
import { useState } from "react";
import { ProblemError, type Template, type TemplateSummary } from "understudy-client";
import { useLocation } from "wouter";

import { api } from "../api/client.ts";
import { queries } from "../api/queries.ts";
import { Button } from "../parts/button.tsx";
import { Dialog } from "../parts/dialog.tsx";
import { useLeaveWhenGone } from "../parts/gone.ts";
import { notify, notifyOf, wordsOf } from "../parts/notices.tsx";
import { Sketch } from "../parts/sketch.tsx";
import { download } from "../parts/download.ts";
import { type About, aboutOf, toDocument } from "./about.ts";
import { AboutForm } from "./about-form.tsx";
import { NodeCounts } from "./node-counts.tsx";
import { ParameterForm } from "./parameter-form.tsx";
import { entriesOf, parametersOf, valuesOf } from "./parameters.ts";
import { type Read, refreshTemplates, useIsOwn, useTemplate } from "./reading.ts";
import { Remove } from "./remove.tsx";
import styles from "./templates.module.css";

interface TemplateDetailsProps {
  readonly summary: TemplateSummary;
  onClose(): void;
}

/** All about a template: its graph, what may be filled in, and what can be done with it. */
export function TemplateDetails({ summary, onClose }: TemplateDetailsProps) {
  const [doing, setDoing] = useState<"look" | "edit" | "remove">("look");
  const { data, error } = useTemplate(summary, "always");
  useLeaveWhenGone(error, summary.name, "templates", onClose);
  const back = () => setDoing("look");
  if (doing === "remove") return <Remove template={summary} onKeep={back} onGone={onClose} />;
  if (doing === "edit" && data) return <Edit read={data} onClose={back} />;
  if (data)
    return (
      <Look
        template={data.template}
        onEdit={() => setDoing("edit")}
        onRemove={() => setDoing("remove")}
        onClose={onClose}
      />
    );
  return (
    <Dialog title={summary.name} isWide onClose={onClose}>
      <p>{error ? wordsOf(error) : "Opening …"}</p>
    </Dialog>
  );
}

interface LookProps {
  readonly template: Template;
  onEdit(): void;
  onRemove(): void;
  onClose(): void;
}

function Look({ template, onEdit, onRemove, onClose }: LookProps) {
  const parameters = parametersOf(template.parameters);
  const [entries, setEntries] = useState(() => entriesOf(parameters));
  const { isBusy, troubles, apply } = useApplying(template.id);
  const actions = (
    <>
      <Own template={template} onEdit={onEdit} onRemove={onRemove} />
      <Button icon={Download} onClick={() => void exportTemplate(template)}>
        Export
      </Button>
      <Button icon={Play} look="main" disabled={isBusy} onClick={() => void apply(valuesOf(parameters, entries))}>
        Use template
      </Button>
    </>
  );
  return (
    <Dialog title={template.name} isWide actions={actions} onClose={onClose}>
      <div className={styles.details}>
        <div className={styles.large}>
          <Sketch nodes={template.nodes} connections={template.connections} />
        </div>
        <div className={styles.side} role="region" aria-label="About the template" tabIndex={0}>
          <p className={styles.whole}>{template.description || "No description."}</p>
          <Tags template={template} />
          {parameters.length > 0 && (
            <section>
              <h3>Parameters</h3>
              <ParameterForm parameters={parameters} entries={entries} troubles={troubles} onChange={setEntries} />
            </section>
          )}
          <NodeCounts nodes={template.nodes} />
        </div>
      </div>
    </Dialog>
  );
}

function Tags({ template: { category, tags } }: { readonly template: Template }) {
  return (
    <p className={styles.tags}>
      <span className={styles.category}>{category}</span>
      {tags.map((tag) => (
        <span key={tag} className={styles.tag}>
          {tag}
        </span>
      ))}
    </p>
  );
}

type OwnProps = Omit<LookProps, "onClose">;

/** What only the owner of a template does with it. */
function Own({ template, onEdit, onRemove }: OwnProps) {
  if (!useIsOwn(template)) return null;
  return (
    <>
      <Button icon={Trash2} look="danger" onClick={onRemove}>
        Delete
      </Button>
      <Button icon={Pencil} onClick={onEdit}>
        Edit
      </Button>
    </>
  );
}

function Edit({ read, onClose }: { readonly read: Read; onClose(): void }) {
  // What is filled in was read once; a later tag would hide that somebody else has changed it since.
  const [{ template, etag }] = useState(read);
  async function save(about: About) {
    const headers = { "If-Match": etag };
    await api.replaceTemplate({ template_id: template.id, headers, body: toDocument(about) });
    await refreshTemplates();
    notify("The template is saved.");
    onClose();
  }
  return <AboutForm title="Edit the template" about={aboutOf(template)} onSave={save} onClose={onClose} />;
}

/** Making a workflow of a template, which is opened then. */
function useApplying(template_id: string) {
  const [, go] = useLocation();
  const [isBusy, setBusy] = useState(false);
  const [troubles, setTroubles] = useState<Readonly<Record<string, string>>>({});
  async function apply(parameters: Record<string, unknown>) {
    setBusy(true);
    setTroubles({});
    try {
      const workflow = await api.applyTemplate({ template_id, body: { parameters } });
      void queries.invalidateQueries({ queryKey: ["workflows"] });
      go(`/workflows/${workflow.id}`);
    } catch (error) {
      setBusy(false);
      const found = troublesOf(error);
      if (Object.keys(found).length) setTroubles(found);
      else notifyOf(error);
    }
  }
  return { isBusy, troubles, apply };
}

/** What is wrong with the values of parameters, by their names. */
function troublesOf(error: unknown): Readonly<Record<string, string>> {
  if (!(error instanceof ProblemError)) return {};
  const found = error.errors.filter(({ pointer }) => pointer.startsWith("/parameters/"));
  return Object.fromEntries(found.map(({ pointer, message }) => [pointer.split("/")[2]!, message]));
}

async function exportTemplate({ id, name }: Template): Promise<void> {
  try {
    const exported = await api.exportTemplate({ template_id: id });
    download(`${name}.json`, "application/json", JSON.stringify(exported, null, 2));
  } catch (error) {
    notifyOf(error);
  }
}
