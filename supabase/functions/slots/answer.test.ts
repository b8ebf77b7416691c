import { readFile } from "node:fs/promises";
import pg from "pg";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openTestApp, type TestApp } from "../../../server/testing/testApp.ts";
import { answerSlots } from "./answer.ts";
import { compareAnswers, openMentors } from "./testing/sameAnswers.ts";

let test: TestApp;
let pool: pg.Pool;
beforeAll(async () => {
  test = await openTestApp();
  pool = new pg.Pool({ connectionString: test.db.ownerUrl, max: 1 });
  // A pool ends before the server has closed its connection, and dropping the database may be first.
  pool.on("connect", (client) => client.on("error", () => undefined));
});
afterAll(async () => {
  await pool?.end();
  await test?.close();
});

const ask = (query: string) =>
  answerSlots(new Request(`https://project.supabase.co/functions/v1/slots?${query}`), pool, Date.now());

it("the function answers as the app does", async () => {
  const compared = await compareAnswers(test, (await openMentors(test)).slice(1, 2), ask);
  expect(compared).toEqual({ asked: 24, different: [] });
});

describe("what it refuses has the code and shape of the API's problems", () => {
  it.each([
    ["mentor=nobody&from=2040-01-01&to=2040-01-02&duration=60", 404, "mentor_not_found"],
    ["mentor=nobody&from=2040-01-01&to=2041-01-02&duration=60", 422, "validation_failed"],
    ["from=2040-01-01&to=2040-01-02&duration=60", 422, "validation_failed"],
    ["", 422, "validation_failed"],
  ])("%s", async (query, status, code) => {
    const answer = await ask(query);
    expect(answer.status).toBe(status);
    expect(await answer.json()).toMatchObject({ status, code });
    expect(answer.headers.get("content-type")).toBe("application/problem+json");
  });
});

it("it only answers questions", async () => {
  const answer = await answerSlots(new Request("https://x.supabase.co/", { method: "POST" }), pool, 0);
  expect(answer.status).toBe(405);
  expect(await answer.json()).toMatchObject({ code: "method_not_allowed" });
});

it("a database that is away is a problem that other sites can read, and is reported without its address", async () => {
  const away = new pg.Pool({ connectionString: "postgres://me:a-secret@127.0.0.1:1/nowhere" });
  const reported: string[] = [];
  const answer = await answerSlots(
    new Request("https://x.supabase.co/?mentor=asha&from=2040-01-01&to=2040-01-02&duration=60"),
    away,
    Date.now(),
    (error) => reported.push(String(error)),
  );
  await away.end();
  expect(answer.status).toBe(503);
  expect(await answer.json()).toMatchObject({ code: "database_unavailable" });
  expect(answer.headers.get("access-control-allow-origin")).toBe("*");
  expect(reported).toEqual([expect.stringMatching(/^(?!.*a-secret).*ECONNREFUSED/)]);
});

it("it reads as a visitor: what visitors may not see is not there for it either", async () => {
  const mentor = await test.makeMentor();
  const query = `mentor=${mentor.id}&from=2040-01-01&to=2040-01-02&duration=60`;
  expect((await ask(query)).status).toBe(200);
  await test.db.owner.query("update expert_profiles set hidden_because = 'suspended' where id = $1", [
    mentor.id,
  ]);
  expect((await ask(query)).status).toBe(404);
});

it("pages of other sites may ask", async () => {
  const preflight = await answerSlots(new Request("https://x.supabase.co/", { method: "OPTIONS" }), pool, 0);
  expect(preflight.status).toBe(204);
  expect(preflight.headers.get("access-control-allow-origin")).toBe("*");
});

it("it loads the versions of the app's own packages", async () => {
  const read = async (file: string) => JSON.parse(await readFile(new URL(file, import.meta.url), "utf8"));
  const { imports } = await read("deno.json");
  const { dependencies, devDependencies } = await read("../../../package.json");
  for (const name of ["kysely", "pg", "zod", "temporal-polyfill"])
    expect(imports[name]).toBe(`npm:${name}@${{ ...dependencies, ...devDependencies }[name]}`);
});
