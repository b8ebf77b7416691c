import type { CSSProperties } from "react";

/** The web app's colours (src/app/styles.css, which a test compares), by day and by night. */
export const colours = {
  paper: ["#fbf7f1", "#16101a"],
  surface: ["#ffffff", "#211828"],
  sunken: ["#f4ece1", "#2c2134"],
  ink: ["#241a2b", "#f6eff3"],
  "ink-soft": ["#665a6b", "#bfb0c3"],
  line: ["#e6dccf", "#3c2f45"],
  "line-strong": ["#8b7e90", "#8f7d97"],
  primary: ["#5a2273", "#f4b740"],
  "on-primary": ["#ffffff", "#2a1a05"],
  "primary-soft": ["#f2e7f5", "#3a2b14"],
  "primary-text": ["#5a2273", "#fbc75c"],
  accent: ["#f2a922", "#f4b740"],
  "accent-soft": ["#fdefcf", "#3b2c12"],
  "accent-text": ["#734600", "#ffd98a"],
  good: ["#1c6846", "#7fd8a9"],
  "good-soft": ["#e0f2e8", "#17322a"],
  bad: ["#ae2018", "#ff9d92"],
  "bad-soft": ["#fce7e4", "#451c1f"],
} as const satisfies Record<string, readonly [day: string, night: string]>;

/** What is painted in which colours: the style of every mail has a rule for each. */
const painted = {
  text: ["ink", "ink-soft", "on-primary", "primary-text", "accent-text", "good", "bad"],
  ground: [
    "paper",
    "surface",
    "sunken",
    "line",
    "primary",
    "primary-soft",
    "accent-soft",
    "good-soft",
    "bad-soft",
  ],
  edge: ["line", "line-strong", "accent"],
} as const satisfies Record<string, readonly (keyof typeof colours)[]>;

type Part = keyof typeof painted;
export type Paint = { [Name in Part]?: (typeof painted)[Name][number] };

/**
 * Colours as attributes of an element: those of the day in its own style, which every program for mail reads, and classes by
 * which `nightStyles` changes them where the program tells that it is dark.
 */
export function paint({ text, ground, edge }: Paint, style: CSSProperties = {}) {
  return {
    className: [text && `text-${text}`, ground && `ground-${ground}`, edge && `edge-${edge}`]
      .filter(Boolean)
      .join(" "),
    style: {
      ...(text && { color: colours[text][0] }),
      ...(ground && { backgroundColor: colours[ground][0] }),
      ...(edge && { borderColor: colours[edge][0] }),
      ...style,
    },
  };
}

const properties = { text: "color", ground: "background-color", edge: "border-color" } as const;

/** Rules for the classes of `paint`. `!important`, because they must win over the elements' own styles. */
function rules(prefix: string, parts: readonly Part[]): string {
  return parts
    .flatMap((part) =>
      painted[part].map(
        (name) => `${prefix}.${part}-${name}{${properties[part]}:${colours[name][1]}!important}`,
      ),
    )
    .join("");
}

/** Outlook on the web and its apps know no media query for this and mark what they have darkened themselves. */
export const nightStyles = [
  `@media (prefers-color-scheme:dark){${rules("", ["text", "ground", "edge"])}}`,
  rules("[data-ogsc] ", ["text", "edge"]),
  rules("[data-ogsb] ", ["ground"]),
].join("");
