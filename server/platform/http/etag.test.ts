import { afterAll, beforeAll, expect, it } from "vitest";
import { type Mentor, openTestApp, type TestApp } from "../../testing/testApp.ts";
import { tagsOf } from "./etag.ts";

let test: TestApp;
let mentor: Mentor;
beforeAll(async () => {
  test = await openTestApp();
  mentor = await test.makeMentor();
});
afterAll(() => test.close());

it.each([
  ["*", 200],
  [" * ", 200],
  ['"NOW"', 200],
  ['"1234567", "NOW"', 200],
  ['W/"x","NOW"', 200],
  ['"abc"', 412],
  ['W/"NOW"', 412],
  ['"NOW-gzip"', 412],
  ["NOW", 422],
  ['"NOW', 422],
  ['*, "NOW"', 422],
  ["", 422],
])("If-Match: %s answers %i", async (header, status) => {
  const now = (await mentor.call("GET", "/mentors/me/hours")).headers.etag;
  const seen = header.replaceAll("NOW", String(now).replaceAll('"', ""));
  const answer = await mentor.call("PATCH", "/mentors/me", { headline: "Hello" }, { "if-match": seen });
  expect(answer.status, answer.text).toBe(status);
});

it("tags are compared strongly", () => {
  expect(tagsOf('"1", W/"2" ,"3"')).toEqual(['"1"', '"3"']);
  expect(tagsOf("*")).toBeNull();
});
