import { Trash2 } from "lucide-react";

import { Confirm } from "../parts/confirm.tsx";

interface DeleteDialogProps {
  readonly name: string;
  onDelete(): Promise<void>;
  onClose(): void;
}

/** Asks before a workflow is deleted, since its versions go with it. */
export function DeleteDialog({ name, onDelete, onClose }: DeleteDialogProps) {
  return (
    <Confirm title="Delete this workflow?" action="Delete" icon={Trash2} onConfirm={onDelete} onClose={onClose}>
      <p>“{name}” and its versions are gone then. Its executions stay.</p>
    </Confirm>
  );
}
