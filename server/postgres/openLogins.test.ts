import pg from "pg";
import { expect, inject, it } from "vitest";
import { StartupError } from "../platform/startupError.ts";
import { loginsOf, openLogins } from "./openLogins.ts";

const url = (login: string) => `postgres://${login}@a:1,b:2/db`;

it("logins are those that are the role of their purpose; others are the operator's", () => {
  expect(
    loginsOf({
      url: url("matepeak_app:of%20the%20app"),
      visitorsUrl: url("anon:one"),
      listenUrl: url("anon:one"),
      accountsUrl: url("matepeak_auth"),
      queueUrl: url("owner:secret"),
    }),
  ).toEqual([
    { role: "matepeak_app", password: "of the app" },
    { role: "anon", password: "one" },
    { role: "matepeak_auth", password: undefined },
  ]);
});

it("one login cannot have two passwords", () => {
  const two = { url: url("owner"), visitorsUrl: url("anon:one"), listenUrl: url("anon:two") };
  expect(() => loginsOf(two)).toThrow(StartupError);
  expect(() => loginsOf(two)).not.toThrow(/two$/);
});

it("what cannot be done is said, and nothing of it is done", async () => {
  const { appUrl } = inject("postgres");
  const app = new pg.Client({ connectionString: appUrl });
  await app.connect();
  await expect(openLogins(app, [{ role: "anon", password: "x" }])).rejects.toThrow("could not be opened");
  await app.end();
});
