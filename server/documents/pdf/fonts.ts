import { fileURLToPath } from "node:url";
import { Font } from "@react-pdf/renderer";

/**
 * The faces that a document may need, in the order in which they are asked for a letter. Devanagari comes first, so that
 * the joiners within its words stay with them. The library's shaping is wrong, or fails, in Bengali, Telugu, Gujarati,
 * Kannada, Malayalam, Gurmukhi and Odia (docs/decisions/0060): no face of those is here.
 */
const faces = [
  ["@fontsource/noto-sans-devanagari", "devanagari"],
  ["@fontsource/noto-sans", "latin"],
  ["@fontsource/noto-sans", "latin-ext"],
  ["@fontsource/noto-sans", "vietnamese"],
  ["@fontsource/noto-sans", "cyrillic"],
  ["@fontsource/noto-sans", "greek"],
  ["@fontsource/noto-sans-tamil", "tamil"],
] as const;
const weights = [400, 700] as const;

export const families: string[] = faces.map(([, subset]) => subset);

/** Reads the faces of the regular weight. The bold ones have the same letters, and are read when they are used. */
export async function loadFonts(): Promise<(codePoint: number) => boolean> {
  for (const [source, subset] of faces) {
    const name = source.slice("@fontsource/".length);
    const fonts = weights.map((fontWeight) => ({
      src: fileURLToPath(import.meta.resolve(`${source}/files/${name}-${subset}-${fontWeight}-normal.woff`)),
      fontWeight,
    }));
    Font.register({ family: subset, fonts });
  }
  const graphemes = new Intl.Segmenter("en", { granularity: "grapheme" });
  Font.registerHyphenationCallback((word) => breakable(word, graphemes));
  const regular = families.map((fontFamily) => ({
    fontFamily,
    fontWeight: 400,
    fontStyle: "normal" as const,
  }));
  await Promise.all(regular.map((face) => Font.load(face)));
  const letters = regular.map((face) => Font.getFont(face)?.data);
  return (codePoint) => letters.some((face) => face?.hasGlyphForCodePoint(codePoint));
}

/** No word of a language is this long: it is a name or an address that was typed without spaces. */
const longWord = 24;

/** An empty part lets the line break there without a hyphen. */
function breakable(word: string, graphemes: Intl.Segmenter): string[] {
  if (word.length < longWord) return [word];
  return Array.from(graphemes.segment(word), ({ segment }) => [segment, ""])
    .flat()
    .slice(0, -1);
}
