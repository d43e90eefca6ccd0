import { useState } from "react";

import { isEqual } from "../document.ts";

/** How a value is written as a text, and what a text means. */
export interface Language {
  write(value: unknown): string;
  read(text: string): unknown;
}

/** Texts as they are; whatever else is there is shown as JSON. */
export const AS_TEXT: Language = {
  write: (value) => (typeof value === "string" ? value : written(value)),
  read: (text) => text,
};

/** A number; what is none is kept as the text that it is, such as an expression. */
export const AS_NUMBER: Language = {
  write: AS_TEXT.write,
  read(text) {
    if (text.trim() === "") return undefined;
    return Number.isFinite(Number(text)) ? Number(text) : text;
  },
};

/** JSON; what is none is kept as the text that it is, such as an expression. */
export const AS_JSON: Language = {
  write: (value) => (typeof value === "string" && parsed(value) === undefined ? value : written(value)),
  read: (text) => (text.trim() === "" ? undefined : (parsed(text)?.value ?? nullOr(text))),
};

function nullOr(text: string): unknown {
  return parsed(text) ? null : text;
}

/** The value that a JSON text has; nothing if it is no JSON. */
export function parsed(text: string): { readonly value: unknown } | undefined {
  try {
    return { value: JSON.parse(text) as unknown };
  } catch {
    return undefined;
  }
}

function written(value: unknown): string {
  return value === undefined ? "" : JSON.stringify(value, null, 2);
}

/** A text that a person types, and the value that it means.
 *
 * The text stays as it was typed until the value becomes another one than it means. An empty one stays empty until
 * the field is left, even if a default takes its place.
 */
export function useText(value: unknown, language: Language, onChange: (value: unknown) => void) {
  const [text, setText] = useState(() => language.write(value));
  const [seen, setSeen] = useState(value);
  const [isHeld, setHeld] = useState(false);
  if (!isEqual(seen, value)) {
    setSeen(value);
    if (!isEqual(language.read(text), value) && !(isHeld && text === "")) setText(language.write(value));
  }
  return {
    value: text,
    onFocus: () => setHeld(true),
    onBlur() {
      setHeld(false);
      if (text === "") setText(language.write(value));
    },
    onChange(event: { readonly target: { readonly value: string } }) {
      setText(event.target.value);
      onChange(language.read(event.target.value));
    },
  };
}
