import { Button } from "../parts/button.tsx";
import styles from "./account.module.css";

/** The users that are in every sandbox. */
const USERS = [
  { username: "demo", role: "user" },
  { username: "alice", role: "user" },
  { username: "admin", role: "sees everything" },
] as const;

interface KnownUsersProps {
  onChoose(user: { readonly username: string; readonly password: string }): void;
}

/** The users that everybody may be, at a click. */
export function KnownUsers({ onChoose }: KnownUsersProps) {
  return (
    <section className={styles.known} aria-label="Users of every sandbox">
      <p className={styles.soft}>Every sandbox has these users. Choose one to fill in the form.</p>
      <ul>
        {USERS.map(({ username, role }) => (
          <li key={username}>
            <Button onClick={() => onChoose({ username, password: `${username}-password` })}>{username}</Button>
            <code>{username}-password</code>
            <span className={styles.soft}>{role}</span>
          </li>
        ))}
      </ul>
    </section>
  );
}
