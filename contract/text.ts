/**
 * One form for everything people type. Text is stored in Unicode's normal form C, so that what looks the same is the
 * same; characters that are invisible and cause errors in some programs are removed. The database has the
 * same rules as CHECK constraints for clients that write to it directly.
 */

/** Line ends of all systems; U+000B is what Word puts into a line that was broken by hand. */
const lineBreak = /\r\n?|[\v\f\u0085\u2028\u2029]/g;

// NUL is rejected instead of removed: input with NUL is not text.
const controlInText = /[^\P{Cc}\0\t\n]/gu;

/** Embeddings, overrides and isolates: an unclosed one reverses the sentence around a name. */
const bidiControl = /[\u202A-\u202E\u2066-\u2069]/g;

/** Anything but blanks, controls, combining marks and what Unicode defines as invisible; U+2800 is an empty Braille cell. */
const visible = /[^\p{White_Space}\p{Cc}\p{Cf}\p{Cs}\p{M}\p{Default_Ignorable_Code_Point}\u2800]/u;

/** Text of several lines. */
export function cleanText(value: string): string {
  return value.replace(lineBreak, "\n").replace(controlInText, "").normalize("NFC");
}

/** Text within a line: names, titles, search terms. A line break becomes a space. */
export function cleanLine(value: string): string {
  return cleanText(value.replace(lineBreak, " ").replace(/[\n\t]/g, " ")).replace(bidiControl, "");
}

/** Text without visible characters counts as empty. */
export function emptyIfInvisible(value: string): string {
  return visible.test(value) || value.includes("\0") ? value : "";
}

/** Half of a surrogate pair is no character, and would be stored as U+FFFD. */
export function isStorable(value: string): boolean {
  return !value.includes("\0") && !/\p{Cs}/u.test(value);
}
