import { useState } from "react";

import { countOf } from "../parts/amounts.ts";
import { Button } from "../parts/button.tsx";
import styles from "./text.module.css";

const FIRST = 5_000;

/** A text as it is written; HTML and Markdown are not drawn. */
export function Text({ text }: { readonly text: string }) {
  const [most, setMost] = useState(FIRST);
  if (text === "") return <p className={styles.empty}>An empty text.</p>;
  return (
    <>
      <pre className={styles.text}>{text.slice(0, most)}</pre>
      {text.length > most && (
        <p className={styles.more}>
          <span>{countOf(text.length - most, "more character")}</span>
          <Button onClick={() => setMost(most * 10)}>Show more</Button>
        </p>
      )}
    </>
  );
}
