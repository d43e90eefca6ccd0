/** What a field for numbers has in it; nothing if it is empty. */
export function numberIn(text: string): number | undefined {
  return text.trim() === "" ? undefined : Number(text);
}

/** What a field for text has in it; nothing if it is empty. */
export function textIn(text: string): string | undefined {
  return text === "" ? undefined : text;
}
