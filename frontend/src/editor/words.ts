const ORDERS = new Intl.PluralRules("en", { type: "ordinal" });
const ENDINGS: Readonly<Record<string, string>> = { one: "st", two: "nd", few: "rd" };

/** A number as the place in an order: 1st, 2nd, 3rd, 4th. */
export function orderWord(number: number): string {
  return `${number}${ENDINGS[ORDERS.select(number)] ?? "th"}`;
}
