import { api } from "../api/client.ts";
import { notify } from "../parts/notices.tsx";
import { type About, toDocument, toName } from "./about.ts";
import { AboutForm } from "./about-form.tsx";
import { refreshTemplates } from "./reading.ts";

interface SaveAsTemplateProps {
  readonly workflowId: string;
  /** The name of the workflow, which the template has at first. */
  readonly name: string;
  onClose(): void;
}

/** A dialog that makes a template of a workflow as it is saved. */
export default function SaveAsTemplate({ workflowId, name, onClose }: SaveAsTemplateProps) {
  async function save(about: About) {
    const template = await api.createTemplate({ body: { workflow_id: workflowId, ...toDocument(about) } });
    void refreshTemplates();
    notify(`${template.name} is a template now.`);
    onClose();
  }
  const about = { name: toName(name), description: "", category: "", tags: "" };
  return <AboutForm title="Save as template" about={about} onSave={save} onClose={onClose} />;
}
