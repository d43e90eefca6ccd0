/** What the name of a sandbox or of a snapshot looks like, as the pattern of a field. */
export const NAME = "[A-Za-z0-9][A-Za-z0-9._\\-]{0,63}";

/** The same in words. */
export const NAME_RULE = "1 to 64 letters, digits, dots, dashes and underscores; the first a letter or a digit";

/** The nearest name to a text, such as that of a file; nothing if there is none. */
export function nameFrom(text: string): string {
  return text
    .replace(/\.json$/i, "")
    .replace(/[^A-Za-z0-9._-]+/g, "-")
    .replace(/^[^A-Za-z0-9]+/, "")
    .slice(0, 64);
}
