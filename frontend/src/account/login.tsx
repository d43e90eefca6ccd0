import { type FormEvent, useState } from "react";

import { api } from "../api/client.ts";
import { setSession, useSession } from "../api/session.ts";
import { Button } from "../parts/button.tsx";
import { Field } from "../parts/field.tsx";
import styles from "./account.module.css";
import { KnownUsers } from "./known-users.tsx";
import { troubleOf } from "./trouble.ts";

const EMPTY = { username: "", password: "", name: "", email: "" };

/** What a person fills in to log in or to register. */
type Entry = typeof EMPTY;

/** The form by which one logs in, or becomes a user. */
export function Login() {
  const [entry, setEntry] = useState(EMPTY);
  const [isNew, setNew] = useState(false);
  const { isBusy, trouble, send, forget } = useSending(entry, isNew);
  const hasEnded = useSession((held) => held.hasEnded);
  const set = (name: keyof Entry) => (value: string) => setEntry({ ...entry, [name]: value });
  function turn() {
    forget();
    setNew(!isNew);
  }
  return (
    <form className={styles.form} aria-label={isNew ? "Register" : "Log in"} onSubmit={send}>
      {hasEnded && <p className={styles.ended}>Your login has ended. Log in again.</p>}
      <Field
        label={isNew ? "Username" : "Username or email"}
        value={entry.username}
        autoComplete="username"
        required
        {...(isNew && { minLength: 3, maxLength: 64 })}
        onChange={set("username")}
      />
      <Field
        label="Password"
        type="password"
        value={entry.password}
        autoComplete={isNew ? "new-password" : "current-password"}
        required
        {...(isNew && { minLength: 8, maxLength: 128, hint: "At least 8 characters." })}
        onChange={set("password")}
      />
      {isNew && <Field label="Name (optional)" value={entry.name} autoComplete="name" onChange={set("name")} />}
      {isNew && (
        <Field label="Email (optional)" type="email" value={entry.email} autoComplete="email" onChange={set("email")} />
      )}
      <div role="alert" className={styles.trouble}>
        {trouble.map((words) => (
          <p key={words}>{words}</p>
        ))}
      </div>
      <Button look="main" type="submit" disabled={isBusy}>
        {isNew ? "Register" : "Log in"}
      </Button>
      <Button look="quiet" onClick={turn}>
        {isNew ? "I have an account" : "Create an account"}
      </Button>
      {!isNew && <KnownUsers onChoose={(user) => setEntry({ ...entry, ...user })} />}
    </form>
  );
}

/** Sending what was filled in, and what came of it. */
function useSending(entry: Entry, isNew: boolean) {
  const [isBusy, setBusy] = useState(false);
  const [trouble, setTrouble] = useState<readonly string[]>([]);
  async function enter() {
    setBusy(true);
    setTrouble([]);
    try {
      setSession(await (isNew ? register(entry) : logIn(entry)));
    } catch (error) {
      setTrouble(troubleOf(error));
      setBusy(false);
    }
  }
  function send(event: FormEvent) {
    event.preventDefault();
    void enter();
  }
  return { isBusy, trouble, send, forget: () => setTrouble([]) };
}

function logIn({ username, password }: Entry) {
  return api.login({ body: { username, password } });
}

function register({ username, password, name, email }: Entry) {
  return api.register({ body: { username, password, ...(name && { name }), ...(email && { email }) } });
}
