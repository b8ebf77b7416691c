import type { Config } from "./config.ts";

/** What every log of ours leaves out: whatever lets somebody in, and people's own words. */
export const discretion = {
  redact: {
    paths: ["authorization", "cookie", "booking-link"].map((name) => `req.headers["${name}"]`),
    remove: true,
  },
  serializers: { err: describeError },
};

/** Of a database's error, what says where to look. Its `detail`, `where` and the like repeat the row's values. */
const tellingFields = ["code", "severity", "constraint", "table", "column", "routine", "statusCode"];

interface DescribedError {
  type: string;
  message: string;
  stack: string;
  cause?: DescribedError;
  [field: string]: unknown;
}

function describeError(thrown: unknown): DescribedError {
  if (!(thrown instanceof Error)) return { type: typeof thrown, message: String(thrown), stack: "" };
  const told = Object.entries(thrown).filter(([name]) => tellingFields.includes(name));
  return {
    ...Object.fromEntries(told),
    type: thrown.constructor.name,
    message: thrown.message,
    stack: thrown.stack ?? "",
    ...(thrown.cause instanceof Error ? { cause: describeError(thrown.cause) } : {}),
  };
}

/** Lines of JSON, or something to read in a terminal. */
export function loggerOptions({ logLevel }: Pick<Config, "logLevel">) {
  const base = { level: logLevel, ...discretion };
  return process.stdout.isTTY
    ? { ...base, level: logLevel === "info" ? "warn" : logLevel, transport: { target: "pino-pretty" } }
    : base;
}
