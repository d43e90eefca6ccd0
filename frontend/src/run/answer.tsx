import { useState } from "react";
import { type Execution, ProblemError, type WaitingFor } from "understudy-client";

import { api } from "../api/client.ts";
import { Button } from "../parts/button.tsx";
import { notifyOf } from "../parts/notices.tsx";
import styles from "./approval.module.css";
import { answerOf, type Field, type Question, questionOf } from "./questions.ts";

interface AnswerProps {
  readonly execution: Execution;
  readonly request: WaitingFor;
}

/** The form in which a person answers. */
export function Answer({ execution, request }: AnswerProps) {
  const question = questionOf(request);
  const [texts, setTexts] = useState<Readonly<Record<string, string>>>({});
  const [wrong, setWrong] = useState<ReadonlyMap<string, string>>(new Map());
  const [isBusy, setBusy] = useState(false);
  const isPaused = execution.status === "paused";

  async function send(choice: string | undefined): Promise<void> {
    setBusy(true);
    const where = { execution_id: execution.id, node_id: request.node_id };
    const body = answerOf(question, texts, choice);
    await api.answerNode({ ...where, body }).then(() => setWrong(new Map()), refuse);
    setBusy(false);
  }
  function refuse(error: unknown): void {
    const errors = error instanceof ProblemError && error.code === "bad_answer" ? error.errors : [];
    const told = new Map(errors.map(({ pointer, message }) => [pointer.split("/")[1] ?? "", message]));
    setWrong(told);
    if (![...told.keys()].some((name) => question.fields.some((field) => field.name === name))) notifyOf(error);
  }
  return (
    <form
      className={styles.answer}
      onSubmit={(event) => {
        event.preventDefault();
        const pressed = (event.nativeEvent as SubmitEvent).submitter as HTMLButtonElement | null;
        void send(pressed?.value || undefined);
      }}
    >
      {question.fields.map((field) => (
        <Input
          key={field.name}
          field={field}
          text={texts[field.name] ?? field.initial}
          wrong={wrong.get(field.name)}
          onChange={(text) => setTexts({ ...texts, [field.name]: text })}
        />
      ))}
      {isPaused && <p className={styles.hint}>The execution is paused: resume it to answer.</p>}
      <Buttons question={question} isDisabled={isBusy || isPaused} />
    </form>
  );
}

function Buttons({ question, isDisabled }: { readonly question: Question; readonly isDisabled: boolean }) {
  const choices = question.decides === undefined ? [{ id: "", label: "Send" }] : question.choices;
  return (
    <div className={styles.buttons}>
      {choices.map(({ id, label }, at) => (
        <Button key={id} type="submit" value={id} look={at === 0 ? "main" : "plain"} disabled={isDisabled}>
          {label}
        </Button>
      ))}
    </div>
  );
}

interface InputProps {
  readonly field: Field;
  readonly text: string;
  readonly wrong: string | undefined;
  onChange(text: string): void;
}

function Input({ field, text, wrong, onChange }: InputProps) {
  return (
    <label className={field.kind === "boolean" ? styles.check : styles.field}>
      <span>{field.isRequired ? `${field.label} *` : field.label}</span>
      <Entry field={field} text={text} wrong={wrong} onChange={onChange} />
      {wrong !== undefined && (
        <span className={styles.wrong} role="alert">
          {wrong}
        </span>
      )}
    </label>
  );
}

function Entry({ field, text, wrong, onChange }: InputProps) {
  const { kind, isRequired, choices } = field;
  const common = { value: text, required: isRequired, "aria-invalid": wrong !== undefined };
  const change = ({ target }: { readonly target: { readonly value: string } }) => onChange(target.value);
  if (kind === "boolean")
    return (
      <input type="checkbox" checked={text === "true"} onChange={({ target }) => onChange(String(target.checked))} />
    );
  if (kind === "choice")
    return (
      <select {...common} onChange={change}>
        <option value="">Choose …</option>
        {choices.map((choice) => (
          <option key={JSON.stringify(choice)} value={JSON.stringify(choice)}>
            {String(choice)}
          </option>
        ))}
      </select>
    );
  if (kind === "textarea" || kind === "json") return <textarea rows={3} {...common} onChange={change} />;
  return <input type={kind} {...(kind === "number" && { step: "any" })} {...common} onChange={change} />;
}
