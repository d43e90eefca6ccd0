import { useQuery } from "@tanstack/react-query";

import { api } from "../../api/client.ts";
import { type ControlProps, grouped } from "./controls.tsx";
import styles from "./form.module.css";

const MOST = 100;

/** Files that were uploaded, to be picked; those that are gone can be taken away. */
export function FilesControl({ id, value, onChange }: ControlProps) {
  const { data, isPending } = useQuery({ queryKey: ["files", "to pick"], queryFn: readFiles });
  const picked = Array.isArray(value) ? (value as readonly string[]) : [];
  const known = data ?? [];
  const gone = picked.filter((one) => !known.some((file) => file.id === one));
  const toggle = (one: string, isPicked: boolean) =>
    onChange(isPicked ? [...picked, one] : picked.filter((other) => other !== one));
  if (isPending) return <p className={styles.soft}>Looking for files …</p>;
  if (!known.length && !gone.length) return <p className={styles.soft}>There are no files. Upload some under Files.</p>;
  return (
    <div id={id} role="group" {...grouped(id)} className={styles.files}>
      {[...known, ...gone.map((one) => ({ id: one, name: `${one} (not there)` }))].map((file) => (
        <label key={file.id} className={styles.file}>
          <input
            type="checkbox"
            checked={picked.includes(file.id)}
            onChange={(event) => toggle(file.id, event.target.checked)}
          />
          <span>{file.name}</span>
        </label>
      ))}
    </div>
  );
}

async function readFiles(): Promise<readonly { readonly id: string; readonly name: string }[]> {
  return (await api.listFiles({ per_page: MOST })).items;
}
