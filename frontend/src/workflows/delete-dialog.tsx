import { Trash2 } from "lucide-react";

import { Button } from "../parts/button.tsx";
import { Dialog } from "../parts/dialog.tsx";

interface DeleteDialogProps {
  readonly name: string;
  onDelete(): void;
  onClose(): void;
}

/** Asks before a workflow is deleted, since its versions go with it. */
export function DeleteDialog({ name, onDelete, onClose }: DeleteDialogProps) {
  const actions = (
    <>
      <Button onClick={onClose}>Keep it</Button>
      <Button look="danger" icon={Trash2} onClick={onDelete}>
        Delete
      </Button>
    </>
  );
  return (
    <Dialog title="Delete this workflow?" actions={actions} onClose={onClose}>
      <p style={{ overflowWrap: "anywhere" }}>“{name}” and its versions are gone then. Its executions stay.</p>
    </Dialog>
  );
}
