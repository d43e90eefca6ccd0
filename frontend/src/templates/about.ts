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
