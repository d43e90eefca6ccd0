import { Trash2 } from "lucide-react";
import { useState } from "react";
import type { TemplateSummary } from "understudy-client";

import { api } from "../api/client.ts";
import { Button } from "../parts/button.tsx";
import { Dialog } from "../parts/dialog.tsx";
import { notify, notifyOf } from "../parts/notices.tsx";
import { refreshTemplates } from "./reading.ts";
import styles from "./templates.module.css";

interface RemoveProps {
  readonly template: TemplateSummary;
  onKeep(): void;
  onGone(): void;
}

/** Asks whether a template may go. */
export function Remove({ template, onKeep, onGone }: RemoveProps) {
  const [isBusy, setBusy] = useState(false);
  async function remove() {
    setBusy(true);
    try {
      await api.deleteTemplate({ template_id: template.id });
      refreshTemplates();
      notify(`${template.name} is deleted.`);
      onGone();
    } catch (error) {
      notifyOf(error);
      onKeep();
    }
  }
  const actions = (
    <>
      <Button onClick={onKeep}>Cancel</Button>
      <Button icon={Trash2} look="danger" disabled={isBusy} onClick={() => void remove()}>
        Delete
      </Button>
    </>
  );
  return (
    <Dialog title="Delete this template?" actions={actions} onClose={onKeep}>
      <p className={styles.whole}>
        <strong>{template.name}</strong>
      </p>
      <p>Workflows that were made from it stay as they are.</p>
    </Dialog>
  );
}
