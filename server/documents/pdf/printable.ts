import type { Paper } from "../paper.ts";

const unseen = /[\p{Cf}\p{Variation_Selector}]/u;

/**
 * Returns a paper with a question mark in place of each letter that no face has, which the library would otherwise replace
 * with another letter, and whether there was one.
 */
export function printable(paper: Paper, hasGlyph: (codePoint: number) => boolean): [Paper, boolean] {
  let isChanged = false;
  const graphemes = new Intl.Segmenter("en", { granularity: "grapheme" });
  const isKnown = (letter: string) => letter === "\n" || hasGlyph(letter.codePointAt(0) ?? 0);

  function clean(text: string): string {
    if (Array.from(text).every(isKnown)) return text;
    return Array.from(graphemes.segment(text), ({ segment }) => {
      const letters = Array.from(segment).filter((letter) => isKnown(letter) || !unseen.test(letter));
      if (letters.every(isKnown)) return letters.join("");
      isChanged = true;
      return "?";
    }).join("");
  }

  function cleanAll<Value>(value: Value): Value {
    if (typeof value === "string") return clean(value) as Value;
    if (Array.isArray(value)) return value.map(cleanAll) as Value;
    if (typeof value !== "object" || value === null) return value;
    return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, cleanAll(one)])) as Value;
  }

  const cleaned = cleanAll(paper);
  return [cleaned, isChanged];
}
