import { afterAll, beforeAll, expect, it } from "vitest";
import { openGroup } from "../testing/groups.ts";
import { openTestApp, type TestApp, testPublicUrl } from "../testing/testApp.ts";

let test: TestApp;
beforeAll(async () => {
  test = await openTestApp();
});
afterAll(() => test.close());

const page = async (path: string) => {
  const { statusCode, body } = await test.app.inject({ url: path });
  return { status: statusCode, body };
};

it("the document of a group session says what it is, with the time in the mentor's zone", async () => {
  const { mentor, session } = await openGroup(test, { title: 'Design "critique" <live>', people: 2 });
  const path = `/mentors/${mentor.profile.username}/groups/${session.id}`;
  const { status, body } = await page(path);
  expect(status).toBe(200);
  expect(body).toContain(
    `<title>Design &quot;critique&quot; &lt;live&gt; with ${mentor.profile.full_name}</title>`,
  );
  expect(body).toMatch(
    /og:description" content="Group session with [^"]*20:00 \(Kolkata, UTC\+05:30\)[^"]*6 seats left\."/,
  );
  expect(body).toContain(`<link rel="canonical" href="${testPublicUrl}${path}">`);
  expect(body).not.toContain("noindex");
  expect(body.match(/<title>/g)).toHaveLength(1);
  expect(body.match(/name="description"/g)).toHaveLength(1);
});

it("is not for search engines when it is cancelled or its mentor is not listed, and 404 where there is none", async () => {
  const { mentor, session } = await openGroup(test);
  const path = `/mentors/${mentor.profile.username}/groups/${session.id}`;
  (await mentor.call("PATCH", "/mentors/me", { listed: false })).expect(200);
  expect((await page(path)).body).toContain('<meta name="robots" content="noindex">');
  (await mentor.call("PATCH", "/mentors/me", { listed: true })).expect(200);
  expect((await page(path)).body).not.toContain("noindex");
  (await mentor.call("POST", `/mentors/me/group-sessions/${session.id}/cancel`, {})).expect(200);
  expect((await page(path)).body).toContain("noindex");
  for (const missing of [
    `/mentors/nobody-here/groups/${session.id}`,
    `${path}0`,
    path.replace(session.id, mentor.id),
  ])
    expect(await page(missing), missing).toMatchObject({ status: 404 });
});
