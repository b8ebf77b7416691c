/** The lines of an iCalendar file (RFC 5545, 3.1): names, parameters and values, escaped and folded. */

/** Octets of a line without its end. */
const longestLine = 75;

type Parameters = Readonly<Record<string, string>>;

/** A line whose value is in the form that its property requires, such as a date or an address. */
export function contentLine(name: string, value: string, parameters: Parameters = {}): string {
  const named = Object.entries(parameters).map(([key, text]) => `;${key}=${parameterValue(text)}`);
  return `${name}${named.join("")}:${value.replace(/\p{Cc}/gu, "")}`;
}

/** A line whose value is text (3.3.11): what people have typed stays within it. */
export function textLine(name: string, text: string): string {
  const escaped = text
    .replace(/[\\;,]/g, (special) => `\\${special}`)
    .replace(/\r\n?|\n/g, "\\n")
    .replace(/[^\P{Cc}\t]/gu, "");
  return `${name}:${escaped}`;
}

/** 3.2: in quotes where they are needed. A quote itself has no form that all programs know; ’ takes its place. */
function parameterValue(text: string): string {
  const safe = text
    .replace(/"/g, "’")
    .replace(/\p{Cc}/gu, " ")
    // RFC 6868 makes these pairs a line break, a quote and a caret.
    .replace(/\^(?=[n'^])/g, "^^");
  return /[,;:]/.test(safe) ? `"${safe}"` : safe;
}

export function component(name: string, ...content: readonly (string | readonly string[])[]): string[] {
  return [`BEGIN:${name}`, ...content.flat(), `END:${name}`];
}

/** Joins and folds lines; a fold does not divide a character. */
export function fileOf(lines: readonly string[]): string {
  return lines.map((line) => `${folded(line)}\r\n`).join("");
}

/** Characters of one octet. */
const onlyAscii = /^[\0-\x7f]*$/;

function folded(line: string): string {
  if (line.length <= longestLine && onlyAscii.test(line)) return line;
  const parts: string[] = [];
  // A part after the first begins with a blank.
  for (let from = 0; from < line.length; ) {
    const until = endOfPart(line, from, longestLine - Math.min(parts.length, 1));
    parts.push(line.slice(from, until));
    from = until;
  }
  return parts.join("\r\n ");
}

/** Where the longest part ends that has no more octets and divides no character. */
function endOfPart(line: string, from: number, most: number): number {
  if (onlyAscii.test(line.slice(from, from + most))) return from + most;
  let octets = 0;
  let at = from;
  for (const character of line.slice(from, from + most)) {
    octets += Buffer.byteLength(character);
    if (octets > most) break;
    at += character.length;
  }
  return at;
}
