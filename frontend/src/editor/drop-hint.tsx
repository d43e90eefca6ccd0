import { FileUp } from "lucide-react";

import styles from "./title.module.css";

/** What is seen while a file is held over the page. */
export function DropHint() {
  return (
    <div className={styles.drop} aria-hidden>
      <FileUp size={24} />
      Drop a workflow (.json) here
    </div>
  );
}
