import { type FormEvent, type ReactNode, useId, useState } from "react";

import { troubleOf } from "../account/trouble.ts";
import { Button } from "../parts/button.tsx";
import { Dialog } from "../parts/dialog.tsx";
import field from "../parts/field.module.css";
import { Field } from "../parts/field.tsx";
import { type About, MOST_NAME } from "./about.ts";
import { useCategories } from "./reading.ts";
import styles from "./templates.module.css";

interface AboutFormProps {
  readonly title: string;
  readonly about: About;
  readonly children?: ReactNode;
  /** Saves it; what it throws is told, and the form stays. */
  onSave(about: About): Promise<void>;
  onClose(): void;
}

/** A dialog in which a person writes what a template is. */
export function AboutForm({ title, about, children, onSave, onClose }: AboutFormProps) {
  const [entry, setEntry] = useState(about);
  const { isBusy, trouble, send } = useSaving(() => onSave(entry));
  const id = useId();
  const set = (name: keyof About) => (value: string) => setEntry({ ...entry, [name]: value });
  const actions = (
    <>
      <Button onClick={onClose}>Cancel</Button>
      <Button look="main" type="submit" form={id} disabled={isBusy}>
        Save
      </Button>
    </>
  );
  return (
    <Dialog title={title} actions={actions} onClose={onClose}>
      <form id={id} className={styles.form} onSubmit={send}>
        {children}
        <Field label="Name" value={entry.name} required maxLength={MOST_NAME} onChange={set("name")} />
        <div className={field.field}>
          <label htmlFor={`${id}-description`}>Description</label>
          <textarea
            id={`${id}-description`}
            value={entry.description}
            onChange={(event) => set("description")(event.target.value)}
          />
        </div>
        <Field label="Category" value={entry.category} list={`${id}-categories`} onChange={set("category")} />
        <Categories id={`${id}-categories`} />
        <Field label="Tags" hint="Separated by commas." value={entry.tags} onChange={set("tags")} />
        <p role="alert" className={styles.trouble}>
          {trouble}
        </p>
      </form>
    </Dialog>
  );
}

function Categories({ id }: { readonly id: string }) {
  return (
    <datalist id={id}>
      {useCategories().map((category) => (
        <option key={category} value={category} />
      ))}
    </datalist>
  );
}

function useSaving(save: () => Promise<void>) {
  const [isBusy, setBusy] = useState(false);
  const [trouble, setTrouble] = useState("");
  async function go() {
    setBusy(true);
    setTrouble("");
    try {
      await save();
    } catch (error) {
      setTrouble(troubleOf(error).join(" "));
      setBusy(false);
    }
  }
  function send(event: FormEvent) {
    event.preventDefault();
    void go();
  }
  return { isBusy, trouble, send };
}
