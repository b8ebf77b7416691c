import { createHmac } from "node:crypto";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Booking } from "#contract/bookings.ts";
import { joinEvents, zoomAnswer } from "#contract/meetings.ts";
import { epochMs } from "#scheduling/units.ts";
import { bookAny, letEnd } from "../testing/booking.ts";
import { type Mentor, openTestApp, type Person, type TestApp } from "../testing/testApp.ts";
import { zoomKeys, zoomReport } from "../testing/zoomServer.ts";
import { readZoomReport } from "./zoomWebhook.ts";

const now = epochMs(Date.parse("2026-11-29T09:00:00Z"));
const question = { event: "endpoint.url_validation", payload: { plainToken: "abc" } };
const secret = zoomKeys.webhookSecret;
const reading = ({ body, headers }: ReturnType<typeof zoomReport>, at = now) =>
  readZoomReport({ body: Buffer.from(body), headers }, secret, at);

describe("the signature of a report", () => {
  it("is over the bytes and the time", () => {
    const report = zoomReport(question, now);
    expect(reading(report).kind).toBe("question");
    const changed: Record<string, ReturnType<typeof zoomReport>> = {
      body: { ...report, body: `${report.body} ` },
      time: { ...report, headers: { ...report.headers, "x-zm-request-timestamp": String(now / 1000 + 1) } },
      secret: zoomReport(question, now, "another secret"),
      length: { ...report, headers: { ...report.headers, "x-zm-signature": "v0=12" } },
      version: {
        ...report,
        headers: {
          ...report.headers,
          "x-zm-signature": report.headers["x-zm-signature"].replace("v0", "v1"),
        },
      },
      "no time": { ...report, headers: { ...report.headers, "x-zm-request-timestamp": "soon" } },
    };
    for (const [what, forged] of Object.entries(changed))
      expect([what, reading(forged).kind]).toEqual([what, "refused"]);
  });

  it.each([
    [-5 * 60_000, "question"],
    [-5 * 60_000 - 1000, "refused"],
    [5 * 60_000, "question"],
    [5 * 60_000 + 1000, "refused"],
  ])("sent %s ms from now is %s", (offset, kind) => {
    expect(reading(zoomReport(question, now + offset)).kind).toBe(kind);
  });
});

const participant = (kind: "joined" | "left", id: string, person: object) => ({
  event: `meeting.participant_${kind}`,
  event_ts: now,
  payload: { account_id: "a", object: { id, uuid: "u==", topic: "t", participant: person } },
});

it("reads who joined and left, whatever else it holds, and cuts what is too long", () => {
  const joined = participant("joined", "81", {
    user_name: ` A\u0007sha${"x".repeat(200)}`,
    join_time: "2026-11-29T08:59:00Z",
  });
  expect(reading(zoomReport(joined, now))).toMatchObject({
    kind: "join",
    how: "zoom_joined",
    meeting: "81",
    at: Date.parse("2026-11-29T08:59:00Z"),
  });
  const left = participant("left", "81", { email: "a@example.com", leave_time: "never" });
  expect(reading(zoomReport(left, now))).toMatchObject({ how: "zoom_left", name: null, at: now });
  expect(reading(zoomReport({ event: "meeting.started" }, now))).toEqual({ kind: "other" });
});

describe("the route", () => {
  let test: TestApp;
  let mentor: Mentor;
  let student: Person;
  let session: Booking;
  beforeAll(async () => {
    test = await openTestApp({ meetings: { zoom: { ...zoomKeys, hosts: ["me"] }, jitsi: undefined } });
    mentor = await test.makeMentor({ settings: { instant_confirm: true } });
    [student] = (await test.signUpCrowd(1)) as [Person];
    const room = { meeting_url: "https://meet.example.com/asha" };
    (await mentor.call("PUT", "/mentors/me/room", room)).expect(200);
    (await mentor.call("PUT", "/mentors/me/meeting-place", { kind: "zoom" })).expect(200);
    session = await bookAny(student, mentor);
    await test.db.owner.query(
      "update private.made_meetings m set ref = '810', starts_at = b.starts_at, ends_at = b.ends_at from bookings b where b.occupancy_id = m.occupancy_id",
    );
    await letEnd(test.db, session.id, -0.5);
  });
  afterAll(() => test.close());

  const send = ({ body, headers }: ReturnType<typeof zoomReport>) =>
    test.visitor("POST", "/webhooks/zoom", body, headers);
  const joins = async (who: Person) =>
    (await who.call("GET", `/bookings/${session.id}/joins`)).expect(200).read(joinEvents).data;

  it("answers Zoom's question with the proof", async () => {
    const answer = (await send(zoomReport(question, Date.now()))).expect(200).read(zoomAnswer);
    const encryptedToken = createHmac("sha256", secret).update("abc").digest("hex");
    expect(answer).toEqual({ plainToken: "abc", encryptedToken });
  });

  it("refuses what is not signed, and what is sent again later", async () => {
    (await send(zoomReport(question, Date.now(), "another"))).problem("webhook_refused");
    (await send(zoomReport(question, Date.now() - 6 * 60_000))).problem("webhook_refused");
  });

  it("records who came and left once, beside the button, for both people", async () => {
    const at = (second: number) =>
      new Date(Math.floor(Date.now() / 1000) * 1000 - second * 1000).toISOString();
    const reports = [
      participant("joined", "810", { user_name: "S", email: student.email.toUpperCase(), join_time: at(50) }),
      participant("joined", "810", { user_name: "A stranger", email: "", join_time: at(40) }),
      participant("left", "810", { user_name: "S", email: student.email, leave_time: at(30) }),
      participant("joined", "999", { user_name: "Elsewhere", join_time: at(20) }),
    ];
    for (const each of [...reports, ...reports]) (await send(zoomReport(each, Date.now()))).expect(200);
    for (let again = 0; again < 2; again++)
      (await mentor.call("POST", `/bookings/${session.id}/joins`)).expect(204);
    const seen = (await joins(student)).toSorted(
      (a, b) => a.how.localeCompare(b.how) || a.at.localeCompare(b.at),
    );
    expect(seen).toMatchObject([
      { party: "mentor", how: "button", name: null },
      { party: "student", how: "zoom_joined", name: null },
      { party: null, how: "zoom_joined", name: "A stranger" },
      { party: "student", how: "zoom_left", name: null },
    ]);
    expect(await joins(mentor)).toHaveLength(4);
    const [stranger] = (await test.signUpCrowd(1)) as [Person];
    (await stranger.call("GET", `/bookings/${session.id}/joins`)).problem("booking_not_found");
    (await stranger.call("POST", `/bookings/${session.id}/joins`)).problem("booking_not_found");
  });

  it("records no join before the button opens and after the end", async () => {
    for (const [hoursAgo, isOpen] of [
      [-1.26, false],
      [-1.24, true],
      [0.01, false],
    ] as const) {
      await letEnd(test.db, session.id, hoursAgo);
      const answer = await student.call("POST", `/bookings/${session.id}/joins`);
      if (isOpen) answer.expect(204);
      else answer.problem("invalid_transition");
    }
  });
});

it("is not there without Zoom", async () => {
  const test = await openTestApp();
  const { body, headers } = zoomReport(question, Date.now());
  (await test.visitor("POST", "/webhooks/zoom", body, headers)).problem("not_found");
  await test.close();
});
