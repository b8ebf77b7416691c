import type { Config } from "./config.ts";

/** Lines of JSON, or something to read in a terminal. Never anything that lets somebody in. */
export function loggerOptions({ logLevel }: Pick<Config, "logLevel">) {
  const redact = {
    paths: ["authorization", "cookie", "booking-link"].map((name) => `req.headers["${name}"]`),
    remove: true,
  };
  const base = { level: logLevel, redact };
  return process.stdout.isTTY
    ? { ...base, level: logLevel === "info" ? "warn" : logLevel, transport: { target: "pino-pretty" } }
    : base;
}
