import { type FormEvent, useState } from "react";

import { tryToken } from "../api/control.ts";
import { Button } from "../parts/button.tsx";
import { notifyOf } from "../parts/notices.tsx";
import { TextField } from "./field.tsx";
import { Soft } from "./section.tsx";
import styles from "./section.module.css";

/** Asks for the control token, where the server wants one. It is kept as long as the tab. */
export function TokenForm() {
  const [token, setToken] = useState("");
  const [isWrong, setWrong] = useState(false);
  function submit(event: FormEvent): void {
    event.preventDefault();
    tryToken(token).then((isRight) => setWrong(!isRight), notifyOf);
  }
  return (
    <form className={styles.alone} aria-label="Control token" onSubmit={submit}>
      <Soft>
        This server was started with a control token, and whoever directs it has to show that. It is kept until you
        close this tab.
      </Soft>
      <TextField label="Control token" type="password" value={token} onChange={setToken} required />
      {isWrong && (
        <p role="alert" className={styles.wrong}>
          The token is not right.
        </p>
      )}
      <div>
        <Button type="submit" look="main">
          Direct
        </Button>
      </div>
    </form>
  );
}
