import { Trash2 } from "lucide-react";
import type { TemplateSummary } from "understudy-client";

import { api } from "../api/client.ts";
import { acceptGone } from "../api/gone.ts";
import { Confirm } from "../parts/confirm.tsx";
import { notify } from "../parts/notices.tsx";
import { refreshTemplates } from "./reading.ts";

interface RemoveProps {
  readonly template: TemplateSummary;
  onKeep(): void;
  onGone(): void;
}

/** Asks whether a template may go. */
export function Remove({ template, onKeep, onGone }: RemoveProps) {
  async function remove(): Promise<void> {
    await api.deleteTemplate({ template_id: template.id }).catch(acceptGone);
    void refreshTemplates();
    notify(`${template.name} is deleted.`);
    onGone();
  }
  return (
    <Confirm title="Delete this template?" action="Delete" icon={Trash2} onConfirm={remove} onClose={onKeep}>
      <p>
        <strong>{template.name}</strong>
      </p>
      <p>Workflows that were made from it stay as they are.</p>
    </Confirm>
  );
}
