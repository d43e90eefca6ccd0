import { Unplug } from "lucide-react";

import { useLive } from "../api/live.ts";
import styles from "./account.module.css";

/** Says that nothing new comes, while it is so; a click tries again. */
export function Lost({ onAgain }: { onAgain(): void }) {
  const lost = useLive((live) => live.lost);
  return (
    <span role="status">
      {lost !== null && (
        <button type="button" className={styles.lost} title={`${lost} Click to connect again.`} onClick={onAgain}>
          <Unplug size={16} aria-hidden />
          <span>Connection lost</span>
        </button>
      )}
    </span>
  );
}
