/** The colours of a chart, as the theme has them now. */
export interface Colours {
  readonly text: string;
  readonly line: string;
  readonly ground: string;
  readonly series: readonly string[];
}

const SERIES = ["accent", "good", "warn", "bad", "busy", "line-strong"];

/** What the theme's colours are at an element. A canvas knows no tokens, so something that does is asked. */
export function coloursOf(element: HTMLElement): Colours {
  const probe = element.parentElement!.appendChild(document.createElement("span"));
  // With a transition, however short, it would still have the colour from before.
  probe.style.transition = "none";
  const ask = (token: string) => {
    probe.style.color = `var(--${token})`;
    return getComputedStyle(probe).color;
  };
  const colours = { text: ask("text-soft"), line: ask("line"), ground: ask("surface"), series: SERIES.map(ask) };
  probe.remove();
  return colours;
}

/** A colour of the theme, so that one can see through it. */
export function clear(colour: string): string {
  return colour.replace("rgb(", "rgba(").replace(")", ", 0.22)");
}
