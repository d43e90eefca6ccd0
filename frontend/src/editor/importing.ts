import { ProblemError } from "understudy-client";
import { useEffect, useEffectEvent, useState } from "react";
import { useLocation } from "wouter";

import { api } from "../api/client.ts";
import { countOf } from "../parts/amounts.ts";
import { notify, notifyOf, wordsOf } from "../parts/notices.tsx";
import { type Read, readDocument } from "./documents.ts";

/** Make a new workflow of a document, and open it. */
export function useImport(): (read: Read) => Promise<void> {
  const [, go] = useLocation();
  return async ({ document }) => {
    try {
      const {
        id,
        name,
        issues = [],
      } = await api.importWorkflow({ body: document as Record<string, unknown>, issues: true });
      const found = issues.length ? ` It has ${countOf(issues.length, "issue")} to look at.` : "";
      notify(`“${name}” is imported.${found}`);
      go(`/workflows/${id}`);
    } catch (error) {
      notify(refusalOf(error), "bad");
    }
  };
}

/** Why a document is not taken, and the first place in it that is to blame. */
function refusalOf(error: unknown): string {
  const first = error instanceof ProblemError ? error.problem.errors?.[0] : undefined;
  return first ? `${wordsOf(error)} ${first.pointer}: ${first.message}` : wordsOf(error);
}

/** Let a person pick a document. */
export function pickDocument(onRead: (read: Read) => void): void {
  const input = Object.assign(document.createElement("input"), { type: "file", accept: ".json,application/json" });
  input.addEventListener("change", () => void readFile(input.files?.[0], onRead));
  input.click();
}

/** Take documents that are dropped anywhere on the page. Whether one is held over it. */
export function useDrops(onRead: (read: Read) => void): boolean {
  const [isOver, setOver] = useState(false);
  const read = useEffectEvent(onRead);
  useEffect(() => {
    const watching = new AbortController();
    const { signal } = watching;
    const hold = (event: DragEvent) => {
      if (!holdsFiles(event) || event.defaultPrevented) return;
      event.preventDefault();
      setOver(true);
    };
    const leave = (event: DragEvent) => event.relatedTarget === null && setOver(false);
    const drop = (event: DragEvent) => {
      setOver(false);
      if (!holdsFiles(event) || event.defaultPrevented) return;
      event.preventDefault();
      void readFile(event.dataTransfer?.files[0], read);
    };
    addEventListener("dragover", hold, { signal });
    addEventListener("dragleave", leave, { signal });
    addEventListener("drop", drop, { signal });
    return () => watching.abort();
  }, []);
  return isOver;
}

function holdsFiles({ dataTransfer }: DragEvent): boolean {
  return dataTransfer?.types.includes("Files") ?? false;
}

async function readFile(file: File | undefined, onRead: (read: Read) => void): Promise<void> {
  if (!file) return;
  try {
    onRead(readDocument(file.name, await file.text()));
  } catch (error) {
    notifyOf(error);
  }
}
