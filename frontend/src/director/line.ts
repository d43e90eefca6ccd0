import { toCurl } from "./curl.ts";
import { toPythonLine } from "./python.ts";
import type { Place, Recipe } from "./recipe.ts";
import { toTypeScriptLine } from "./typescript.ts";

const WRITERS = { curl: toCurl, typescript: toTypeScriptLine, python: toPythonLine };

/** What a line can be written in. */
export type Language = keyof typeof WRITERS;

/** A recipe as text to copy: for a shell, or for a test in which `understudy` is the sandbox. */
export function lineOf(language: Language, recipe: Recipe, place: Place): string {
  return WRITERS[language](recipe, place);
}
