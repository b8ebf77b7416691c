import { afterAll, beforeAll, expect, it } from "vitest";
import { openGroup } from "../testing/groups.ts";
import { makeProgramme } from "../testing/programmes.ts";
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
    `<title>Design &quot;critique&quot; &lt;live&gt; with ${mentor.profile.full_name} · MatePeak</title>`,
  );
  expect(body).toMatch(
    /og:description" content="Group session with [^"]*20:00 \(Kolkata, UTC\+05:30\)[^"]*6 seats left\."/,
  );
  expect(body).toContain(`<link rel="canonical" href="${testPublicUrl}${path}">`);
  expect(body).not.toContain("noindex");
  expect(body.match(/<title>/g)).toHaveLength(1);
  expect(body.match(/name="description"/g)).toHaveLength(1);
});

it("the document of a mentor's page says who it is, also while it shows the first times of a booking", async () => {
  const mentor = await test.makeMentor();
  (await mentor.call("PATCH", "/mentors/me", { headline: 'Design "lead"' })).expect(200);
  const { username, full_name } = mentor.profile;
  const [service] = mentor.services;
  const step = `book=time&service=${service?.id}&minutes=${service?.durations[0]?.minutes}`;
  for (const query of ["", "?book=service", `?${step}`]) {
    const { status, body } = await page(`/mentors/${username}${query}`);
    expect(status).toBe(200);
    expect(body.match(/<title>[^<]*/g), query).toEqual([`<title>${full_name} · MatePeak`]);
    expect(body).toContain(
      `og:description" content="Design &quot;lead&quot; · Book a session with ${full_name}, in your own time zone."`,
    );
    expect(body).toContain(`<link rel="canonical" href="${testPublicUrl}/mentors/${username}">`);
    expect(body).not.toContain("noindex");
  }
  (await mentor.call("PATCH", "/mentors/me", { listed: false, username: `${username}-new` })).expect(200);
  const renamed = await page(`/mentors/${username}`);
  expect(renamed.status).toBe(200);
  expect(renamed.body).toContain('<meta name="robots" content="noindex">');
  expect(renamed.body).toContain(`/mentors/${username}-new">`);
  expect(await page("/mentors/nobody-here")).toMatchObject({ status: 404 });
});

it("the document of a programme says what it is, and there is none without a programme", async () => {
  const { mentor, session } = await openGroup(test);
  const made = await makeProgramme(mentor, { time: "19:00", price: 4000 });
  const path = `/mentors/${mentor.profile.username}/programmes/${made.id}`;
  const { status, body } = await page(path);
  expect(status).toBe(200);
  expect(body).toContain(
    `<title>Three weeks of practice with ${mentor.profile.full_name} · MatePeak</title>`,
  );
  expect(body).toMatch(
    /og:description" content="Programme with [^"]*\. 3 sessions from [^"]*19:00 \(Kolkata, UTC\+05:30\)\. ₹4,000 for all sessions\. 8 places left\."/,
  );
  expect(body).not.toContain("noindex");
  (await mentor.call("POST", `/mentors/me/programmes/${made.id}/cancel`, {})).expect(200);
  const cancelled = (await page(path)).body;
  expect(cancelled).toContain("Cancelled.");
  expect(cancelled).toContain("noindex");
  const present = "head-renamed";
  (await mentor.call("PATCH", "/mentors/me", { username: present })).expect(200);
  for (const [old, current] of [
    [path, `/mentors/${present}/programmes/${made.id}`],
    [`/mentors/${mentor.profile.username}/groups/${session.id}`, `/mentors/${present}/groups/${session.id}`],
  ] as const) {
    const renamed = await page(old);
    expect(renamed.status, old).toBe(200);
    expect(renamed.body).toContain(`<link rel="canonical" href="${testPublicUrl}${current}">`);
  }
  for (const missing of [
    `/mentors/nobody-here/programmes/${made.id}`,
    `${path}0`,
    path.replace(made.id, mentor.id),
  ])
    expect(await page(missing), missing).toMatchObject({ status: 404 });
});

it("a group session is not for search engines when it is cancelled or its mentor is not listed, and 404 where there is none", async () => {
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
