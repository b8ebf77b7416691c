import { cleanLine, cleanText } from "#contract/text.ts";

/** First strong isolate and its end (Unicode, annex 9): what lies between does not turn the text around it. */
const [FSI, PDI] = ["\u2068", "\u2069"];

/** Characters that run from right to left, and marks that make others do so. */
const rightToLeft = /[\u0590-\u08FF\u200F\uFB1D-\uFDFF\uFE70-\uFEFC\u{10800}-\u{10FFF}\u{1E800}-\u{1EFFF}]/u;
const isolated = /\u2068([^\u2069]*)\u2069/g;

/** How much of a name or title is shown, in characters: a mail is read on phones. */
const longestName = 60;

/** A name or title within a sentence: one line, isolated, and not longer than a line. */
export function nameInLine(name: string): string {
  return `${FSI}${shortened(cleanLine(name).trim())}${PDI}`;
}

function shortened(name: string): string {
  // Most are short; segmenting takes longer than all else that is done with a name.
  if (name.length <= longestName) return name;
  const characters = Array.from(segmenter.segment(name), ({ segment }) => segment);
  return characters.length > longestName ? `${characters.slice(0, longestName - 1).join("")}…` : name;
}

/** So that nothing is cut in the middle of an emoji or a syllable. */
const segmenter = new Intl.Segmenter("en", { granularity: "grapheme" });

/** What a person wrote, in lines. Controls of direction, which could reach beyond it, are removed. */
export function quotedText(text: string): string {
  return cleanText(text).trim().split("\n").map(cleanLine).join("\n");
}

/** Text without markup: names are isolated only where it makes a difference, since few programs hide the characters. */
export function plain(text: string): string {
  return text.replace(isolated, (whole, name: string) => (rightToLeft.test(name) ? whole : name));
}
