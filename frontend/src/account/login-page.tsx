import { SANDBOX } from "../api/here.ts";
import icon from "../icon.svg";
import styles from "./account.module.css";
import { Login } from "./login.tsx";

/** What is seen instead of everything else until somebody has logged in. */
export default function LoginPage() {
  return (
    <main className={styles.page}>
      <div className={styles.card}>
        <div className={styles.head}>
          <img src={icon} alt="" width={40} height={40} />
          <div>
            <h1>Log in to Understudy</h1>
            <p className={styles.soft}>Sandbox {SANDBOX ?? "default"}</p>
          </div>
        </div>
        <Login />
      </div>
    </main>
  );
}
