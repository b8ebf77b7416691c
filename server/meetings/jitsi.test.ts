import { jwtVerify } from "jose";
import { afterAll, beforeAll, expect, it } from "vitest";
import { booking } from "#contract/bookings.ts";
import { bookAny } from "../testing/booking.ts";
import { runJobs } from "../testing/jobs.ts";
import { type Mentor, openTestApp, type Person, type TestApp, testSecret } from "../testing/testApp.ts";
import { openMeetings } from "./makers.ts";

const token = { appId: "matepeak", secret: "a secret of the Jitsi server, long enough" };
const config = { zoom: undefined, jitsi: { url: "https://jitsi.example.com", token } };

let test: TestApp;
let mentor: Mentor;
let student: Person;
beforeAll(async () => {
  test = await openTestApp({ meetings: config });
  mentor = await test.makeMentor({ name: "Asha Rao", settings: { instant_confirm: true } });
  [student] = (await test.signUpCrowd(1)) as [Person];
  (await mentor.call("PUT", "/mentors/me/meeting-place", { kind: "jitsi" })).expect(200);
});
afterAll(() => test.close());

const claimsOf = async (link: string | null) => {
  const url = new URL(link ?? "");
  const key = new TextEncoder().encode(token.secret);
  const { payload } = await jwtVerify(url.searchParams.get("jwt") ?? "", key, {
    issuer: token.appId,
    audience: token.appId,
    algorithms: ["HS256"],
    currentDate: new Date(0),
  });
  expect(url.pathname).toBe(`/${payload["room"]}`);
  return payload;
};

it("gives each person a token for this room alone, until after the end, and moderation to the mentor", async () => {
  const booked = await bookAny(student, mentor);
  await runJobs(test.db, { meetings: openMeetings(config, testSecret) });
  const read = async (who: Person) =>
    (await who.call("GET", `/bookings/${booked.id}`)).expect(200).read(booking);
  const [theirs, own] = await Promise.all([read(student), read(mentor)]);
  expect(theirs).toMatchObject({ meeting_from: "made", meeting_place: { kind: "jitsi" } });
  expect(own.meeting_from).toBe("made");
  const [guest, host] = await Promise.all([claimsOf(theirs.meeting_url), claimsOf(own.meeting_url)]);
  expect(guest).toMatchObject({
    sub: "jitsi.example.com",
    moderator: false,
    context: { user: { moderator: false } },
  });
  expect(host).toMatchObject({ moderator: true, context: { user: { name: "Asha Rao", moderator: true } } });
  expect(guest.exp).toBe(Date.parse(booked.ends_at) / 1000 + 2 * 3600);
  // Not even a plain read of the table shows the student the mentor's token.
  const { rows } = await test.db.database.asUser(student.id, (tx) =>
    tx.client.query(
      "select b.*, private.host_url(b.expert_id, b.id, b.meeting_url) as host_url from bookings b",
    ),
  );
  expect(JSON.stringify(rows)).not.toContain(new URL(own.meeting_url ?? "").searchParams.get("jwt"));
  const entry = (await mentor.call("GET", `/bookings/${booked.id}/calendar.ics`)).text.replaceAll(
    "\r\n ",
    "",
  );
  expect(entry).toContain(`LOCATION:${own.meeting_url}`);
});

it("has a room of its own for each session, which another secret does not find", async () => {
  const session = (sessionId: string) => ({
    mentorId: mentor.id,
    sessionId,
    startsAt: 0,
    endsAt: 0,
    timezone: "UTC",
    serviceTitle: "",
    mentorName: "",
    studentName: "",
    host: null,
  });
  const roomOf = async (secret: string, id: string) => {
    const maker = openMeetings({ zoom: undefined, jitsi: { ...config.jitsi, token: undefined } }, secret)
      .makers.jitsi;
    return maker?.make(session(id) as never, new AbortController().signal);
  };
  const [one, again, other, guessed] = await Promise.all([
    roomOf(testSecret, "one"),
    roomOf(testSecret, "one"),
    roomOf(testSecret, "other"),
    roomOf("another secret", "one"),
  ]);
  expect(one?.guestUrl).toMatch(/^https:\/\/jitsi\.example\.com\/matepeak-[0-9a-f]{40}$/);
  expect(one?.hostUrl).toBeUndefined();
  expect(again).toEqual(one);
  expect(new Set([one?.ref, other?.ref, guessed?.ref]).size).toBe(3);
});
