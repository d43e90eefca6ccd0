import { Copy } from "lucide-react";
import { useEffect, useRef } from "react";
import { create } from "zustand";
import { persist } from "zustand/middleware";

import { addressOf, SERVER, useControl } from "../api/control.ts";
import { Button } from "../parts/button.tsx";
import { copyText } from "../parts/copy.ts";
import { type Language, lineOf } from "./line.ts";
import styles from "./lines.module.css";
import type { Recipe } from "./recipe.ts";

const LANGUAGES: readonly (readonly [Language, string])[] = [
  ["curl", "curl"],
  ["typescript", "Playwright, TypeScript"],
  ["python", "Playwright, Python"],
];

const useLanguage = create<{ readonly language: Language }>()(
  persist(() => ({ language: "curl" }) as { language: Language }, { name: "understudy.language" }),
);

interface LinesProps {
  readonly id?: string;
  readonly of: readonly { readonly label: string; readonly recipe: Recipe }[];
}

/** Lines to copy that do what a button does, in the language that was chosen last. */
export function Lines({ id, of }: LinesProps) {
  const { language } = useLanguage();
  const element = useRef<HTMLDivElement>(null);
  useEffect(() => {
    // Some browsers give a promise, which is not how an effect ends.
    void element.current?.scrollIntoView({ block: "nearest" });
  }, [language]);
  return (
    <div ref={element} id={id} className={styles.lines} data-lines>
      <div className={styles.languages} role="group" aria-label="Language of the lines">
        {LANGUAGES.map(([each, words]) => (
          <button
            key={each}
            type="button"
            className={styles.language}
            aria-pressed={each === language}
            onClick={() => useLanguage.setState({ language: each })}
          >
            {words}
          </button>
        ))}
      </div>
      {of.map(({ label, recipe }) => (
        <Line key={label} label={of.length > 1 ? label : undefined} recipe={recipe} />
      ))}
    </div>
  );
}

function Line({ label, recipe }: { readonly label: string | undefined; readonly recipe: Recipe }) {
  const { language } = useLanguage();
  const hasToken = useControl(({ token }) => token !== "");
  const text = lineOf(language, recipe, { server: SERVER, url: addressOf(), hasToken });
  return (
    <figure className={styles.line}>
      {label !== undefined && <figcaption>{label}</figcaption>}
      <pre tabIndex={0}>
        <code>{text}</code>
      </pre>
      <Button icon={Copy} look="quiet" isIconOnly onClick={() => void copyText(text)}>
        {label === undefined ? "Copy" : `Copy: ${label}`}
      </Button>
    </figure>
  );
}
