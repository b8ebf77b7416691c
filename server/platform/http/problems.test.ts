import Fastify from "fastify";
import pg from "pg";
import { afterEach, describe, expect, it } from "vitest";
import type { ErrorCode } from "#contract/errors.ts";
import { Answer } from "../../testing/answer.ts";
import { captureLog } from "../../testing/logCapture.ts";
import { problems } from "./problems.ts";

let app: ReturnType<typeof Fastify> | undefined;
afterEach(() => app?.close());

/** The response of an app whose route throws this. */
async function answerTo(thrown: unknown, log = captureLog()): Promise<Answer> {
  app = Fastify({ logger: log.options });
  await app.register(problems);
  app.get("/", async () => {
    throw thrown;
  });
  const { statusCode, headers, body } = await app.inject("/");
  return new Answer("GET /", statusCode, headers, body);
}

function databaseError(code: string, more: Partial<pg.DatabaseError> = {}): pg.DatabaseError {
  return Object.assign(new pg.DatabaseError("secret detail", 0, "error"), {
    code,
    severity: "ERROR",
    ...more,
  });
}

const named = (code: string) => Object.assign(new Error("secret detail"), { code });

describe("a fault of ours", () => {
  it.each([
    ["an unknown error", new Error("secret detail")],
    ["an error with an odd status", Object.assign(new Error("secret detail"), { statusCode: 418 })],
    ["a statement that is wrong", databaseError("42601", { detail: "secret detail" })],
    ["a right that is missing", databaseError("42501")],
    ["a constraint without a sentence", databaseError("23514", { constraint: "new_one" })],
    ["something that is no error", "secret detail"],
  ])("(%s) reveals no details, but logs them", async (_what, thrown) => {
    const log = captureLog("error");
    const answer = await answerTo(thrown, log);
    answer.problem("internal");
    expect(answer.text).not.toContain("secret");
    if (thrown instanceof Error) expect(log.text()).toContain("secret detail");
    expect(log.text()).toContain('"code":"internal"');
  });
});

describe("what will pass", () => {
  const passing: [what: string, thrown: unknown, code: ErrorCode][] = [
    ["a refused connection", named("ECONNREFUSED"), "database_unavailable"],
    ["a lost connection", new Error("Connection terminated unexpectedly"), "database_unavailable"],
    [
      "a connection lost before the statement",
      new Error("Client has encountered a connection error and is not queryable"),
      "database_unavailable",
    ],
    ["a pooler without a server", databaseError("08P01", { severity: "FATAL" }), "database_unavailable"],
    [
      "no free connection in time",
      new Error("timeout exceeded when trying to connect"),
      "database_unavailable",
    ],
    ["a server that shuts down", databaseError("57P01", { severity: "FATAL" }), "database_unavailable"],
    ["a database that is gone", databaseError("3D000", { severity: "FATAL" }), "database_unavailable"],
    ["a login that is refused", databaseError("28P01", { severity: "FATAL" }), "database_unavailable"],
    ["the same, wrapped", new Error("no session", { cause: named("ECONNRESET") }), "database_unavailable"],
    ["too many connections", databaseError("53300", { severity: "FATAL" }), "overloaded"],
    ["a deadlock, again and again", databaseError("40P01"), "overloaded"],
    ["a statement that took too long", databaseError("57014"), "overloaded"],
    ["pressure", Object.assign(new Error("secret detail"), { statusCode: 503 }), "overloaded"],
  ];
  it.each(passing)("(%s) has Retry-After", async (_what, thrown, code) => {
    const answer = await answerTo(thrown);
    answer.problem(code);
    expect(answer.headers["retry-after"]).toBe("5");
    expect(answer.text).not.toContain("secret");
  });
});
