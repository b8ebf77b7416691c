import { afterAll, beforeAll, expect, it } from "vitest";
import { openTestApp, type TestApp } from "../../../server/testing/testApp.ts";
import { compareAnswers, openMentors } from "./testing/sameAnswers.ts";
import { type Deno, startDeno } from "./testing/startDeno.ts";

let test: TestApp;
let deno: Deno;
beforeAll(async () => {
  test = await openTestApp();
  deno = await startDeno(test.db.ownerUrl);
});
afterAll(async () => {
  await deno?.stop();
  await test?.close();
});

it("in Supabase's runtime, without Temporal of its own, the slot engine gives the same answers", async () => {
  const compared = await compareAnswers(test, await openMentors(test), deno.ask);
  expect(compared).toEqual({ asked: 84, different: [] });
});
