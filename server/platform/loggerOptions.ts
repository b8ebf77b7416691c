import type { Config } from "./config.ts";

/** What every log omits: credentials, and text that people wrote. */
export const discretion = {
  redact: {
    paths: ["authorization", "cookie", "booking-link"].map((name) => `req.headers["${name}"]`),
    remove: true,
  },
  serializers: { err: describeError },
};

/** The loggable fields of a database error. Others (`detail`, `where`) repeat the row's values. */
const loggedFields = ["code", "severity", "constraint", "table", "column", "routine", "statusCode"];

interface DescribedError {
  type: string;
  message: string;
  stack: string;
  cause?: DescribedError;
  [field: string]: unknown;
}

function describeError(thrown: unknown): DescribedError {
  if (!(thrown instanceof Error)) return { type: typeof thrown, message: String(thrown), stack: "" };
  const fields = Object.entries(thrown).filter(([name]) => loggedFields.includes(name));
  return {
    ...Object.fromEntries(fields),
    type: thrown.constructor.name,
    message: thrown.message,
    stack: thrown.stack ?? "",
    ...(thrown.cause instanceof Error ? { cause: describeError(thrown.cause) } : {}),
  };
}

/** JSON lines, or readable text in a terminal. */
export function loggerOptions({ logLevel }: Pick<Config, "logLevel">) {
  const base = { level: logLevel, ...discretion };
  return process.stdout.isTTY
    ? { ...base, level: logLevel === "info" ? "warn" : logLevel, transport: { target: "pino-pretty" } }
    : base;
}
