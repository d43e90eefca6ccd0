import { NodeToolbar, Position } from "@xyflow/react";
import { ChevronDown, MessageCircleQuestion } from "lucide-react";
import { useId, useState } from "react";
import type { Execution, WaitingFor } from "understudy-client";

import { useEditing } from "../editor/store.ts";
import { countOf, timeOfDay } from "../parts/amounts.ts";
import { Button } from "../parts/button.tsx";
import { Answer } from "./answer.tsx";
import styles from "./approval.module.css";
import { useGoTo } from "../editor/moving.ts";
import { useNames } from "./names.ts";
import { useRun } from "./run.ts";
import { iterationOf, iterationWords, nameOf } from "./words.ts";

const MOST_DATA = 4_000;
const NOBODY: readonly WaitingFor[] = [];

/** What people are asked now, each with the way to answer: beside the canvas, and at the nodes that ask. */
export function Approvals() {
  const execution = useRun(({ latest, shownSeq }) => (shownSeq === undefined ? latest : undefined));
  const [isOpen, setOpen] = useState(true);
  const requests = execution?.waiting_for ?? NOBODY;
  if (!execution || requests.length === 0) return null;
  return (
    <>
      {isOpen ? (
        <div className={styles.cards}>
          {requests.map((request) => (
            <Card key={keyOf(request)} execution={execution} request={request} onClose={() => setOpen(false)} />
          ))}
        </div>
      ) : (
        <div className={styles.folded}>
          <Button icon={MessageCircleQuestion} look="main" onClick={() => setOpen(true)}>
            {countOf(requests.length, "question")}
          </Button>
        </div>
      )}
      {requests.map((request) => (
        <NodeToolbar key={keyOf(request)} nodeId={request.node_id} isVisible position={Position.Bottom} offset={8}>
          <Button icon={MessageCircleQuestion} look="main" onClick={() => setOpen(true)}>
            Answer
          </Button>
        </NodeToolbar>
      ))}
    </>
  );
}

interface CardProps {
  readonly execution: Execution;
  readonly request: WaitingFor;
  onClose(): void;
}

function Card({ execution, request, onClose }: CardProps) {
  const name = nameOf(useNames(), request.node_id);
  const goTo = useGoTo();
  const title = useId();
  const [question, ...note] = request.prompt.split("\n");
  return (
    <section className={styles.card} aria-labelledby={title}>
      <header className={styles.head}>
        <MessageCircleQuestion size={18} aria-hidden />
        <h2 id={title}>{question}</h2>
        <Button icon={ChevronDown} look="quiet" isIconOnly onClick={onClose}>
          Answer later
        </Button>
      </header>
      <p className={styles.about}>
        <button type="button" className={styles.node} onClick={() => goTo(request.node_id)}>
          {name}
        </button>
        <About request={request} />
      </p>
      {note.length > 0 && <p className={styles.note}>{note.join("\n")}</p>}
      <Given execution={execution} request={request} />
      <Answer execution={execution} request={request} />
    </section>
  );
}

/** Who is asked, since when, and until when. */
function About({ request: { node_id, iteration, since, expires_at } }: { readonly request: WaitingFor }) {
  const asked = useEditing(({ nodes }) => approversOf(nodes.find(({ id }) => id === node_id)?.data));
  const parts = [
    `asks since ${timeOfDay(since).slice(0, 8)}`,
    expires_at && `until ${timeOfDay(expires_at).slice(0, 8)}`,
    iterationWords(iteration),
    asked && `for ${asked}`,
  ];
  return parts.filter(Boolean).join(", ");
}

/** Who is to approve, as the node is configured. */
function approversOf(data: Readonly<Record<string, unknown>> | undefined): string {
  const config = data?.["config"] as { readonly approvers?: unknown } | undefined;
  return Array.isArray(config?.approvers) ? config.approvers.join(", ") : "";
}

/** What came to the node in the iteration in which it asks. */
function Given({ execution, request }: Omit<CardProps, "onClose">) {
  const input = execution.nodes.find((run) => isAskedIn(run, request))?.input;
  if (!input || Object.keys(input).length === 0) return null;
  const text = JSON.stringify(input, null, 2);
  return (
    <details className={styles.data}>
      <summary>What it is about</summary>
      <pre tabIndex={0}>{text.length > MOST_DATA ? `${text.slice(0, MOST_DATA)} …` : text}</pre>
    </details>
  );
}

function isAskedIn(run: Execution["nodes"][number], { node_id, iteration }: WaitingFor): boolean {
  return run.node_id === node_id && iterationOf(run.iteration) === iterationOf(iteration);
}

function keyOf({ node_id, iteration, since }: WaitingFor): string {
  return JSON.stringify([node_id, iteration, since]);
}
