import { Writable } from "node:stream";

/** Keeps all that the app logs, at the most talkative level. */
export function captureLog(level = "trace"): {
  options: { level: string; stream: Writable };
  text: () => string;
} {
  const lines: string[] = [];
  const stream = new Writable({
    write(chunk: Buffer, _encoding, done) {
      lines.push(chunk.toString());
      done();
    },
  });
  return { options: { level, stream }, text: () => lines.join("") };
}
