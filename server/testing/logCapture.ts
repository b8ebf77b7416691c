import { Writable } from "node:stream";
import { discretion } from "../platform/loggerOptions.ts";

/** Keeps everything that the app logs, at the most detailed level. */
export function captureLog(level = "trace"): {
  options: typeof discretion & { level: string; stream: Writable };
  text: () => string;
  /** The lines, parsed. */
  lines: () => Record<string, unknown>[];
} {
  const lines: string[] = [];
  const stream = new Writable({
    write(chunk: Buffer, _encoding, done) {
      lines.push(chunk.toString());
      done();
    },
  });
  const text = () => lines.join("");
  return {
    options: { ...discretion, level, stream },
    text,
    lines: () =>
      text()
        .split("\n")
        .filter(Boolean)
        .map((line) => JSON.parse(line)),
  };
}
