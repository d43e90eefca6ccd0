/** The most letters that the name of a template has. */
export const MOST_NAME = 200;

/** The name of something else as far as a template can have it; no letter is cut in two. */
export function toName(text: string): string {
  return text.slice(0, MOST_NAME).replace(/[\uD800-\uDBFF]$/, "");
}

/** What a person writes about a template. */
export interface About {
  readonly name: string;
  readonly description: string;
  readonly category: string;
  /** Separated by commas. */
  readonly tags: string;
}

/** What of a template a person can change in a form. */
export function aboutOf(template: Omit<About, "tags"> & { readonly tags: readonly string[] }): About {
  const { name, description, category, tags } = template;
  return { name, description, category, tags: tags.join(", ") };
}

/** The same as the API takes it. An empty category is not said. */
export function toDocument({ name, description, category, tags }: About) {
  const words = tags.split(",").map((tag) => tag.trim());
  return {
    name: name.trim(),
    description,
    tags: [...new Set(words.filter(Boolean))],
    ...(category.trim() && { category: category.trim() }),
  };
}
