import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { NotificationSettings } from "#contract/notificationSettings.ts";
import { notificationPage } from "#contract/notifications.ts";
import { topics } from "#rules/topics.ts";
import { DAY_MS, epochMs, HOUR_MS } from "#scheduling/units.ts";
import { wallClockOf } from "#scheduling/zonedTime.ts";
import { occasionOf } from "../mail/occasion.ts";
import { unsubscribeLinks } from "../mail/unsubscribeLink.ts";
import { bookAny } from "../testing/booking.ts";
import { runJobs } from "../testing/jobs.ts";
import { type Mentor, openTestApp, type Person, type TestApp, testSecret } from "../testing/testApp.ts";
import { writeMessages } from "./channels.ts";
import type { Message } from "./message.ts";

let test: TestApp;
let mentor: Mentor;
let student: Person;
beforeAll(async () => {
  test = await openTestApp();
});
afterAll(() => test.close());
beforeEach(async () => {
  mentor = await test.makeMentor({ settings: { instant_confirm: true } });
  [student] = (await test.signUpCrowd(1)) as [Person];
});

const change = (who: Person, body: object) => who.call("PATCH", "/me/notification-settings", body);
const read = async (who: Person) =>
  (await who.call("GET", "/me/notification-settings")).expect(200).json as NotificationSettings;
const mailsTo = async ({ id }: Person) => {
  const { rows } = await test.db.owner.query<{ kind: string; wait: number }>(
    `select kind, extract(epoch from due_at - created_at)::float8 as wait from private.deliveries
     where user_id = $1 order by created_at, id`,
    [id],
  );
  return rows;
};
const inboxOf = async (who: Person) =>
  (await who.call("GET", "/notifications")).read(notificationPage).data.map(({ kind }) => kind);

describe("the settings of notifications", () => {
  it("are the defaults until the person changes them, part by part", async () => {
    expect(await read(student)).toEqual({
      muted: [],
      reminder_leads: [1440, 60],
      quiet_hours: null,
      is_address_reachable: true,
    });
    (await change(student, { quiet_hours: { from: "22:00", until: "07:00" } })).expect(200);
    (await change(student, { muted: ["email:reviews", "email:reviews"] })).expect(200);
    expect(await read(student)).toMatchObject({
      muted: ["email:reviews"],
      reminder_leads: [1440, 60],
      quiet_hours: { from: "22:00", until: "07:00" },
    });
    (await change(student, { quiet_hours: null })).expect(200);
    expect((await read(student)).quiet_hours).toBeNull();
    expect((await read(mentor)).muted).toEqual([]);
  });

  it.each([
    [{ muted: ["email:everything"] }, "muted.0"],
    [{ reminder_leads: [61] }, "reminder_leads.0"],
    [{ reminder_leads: [15, 30, 60, 120, 240] }, "reminder_leads"],
    [{ quiet_hours: { from: "07:00", until: "07:00" } }, "quiet_hours.until"],
    [{ quiet_hours: { from: "7", until: "08:00" } }, "quiet_hours.from"],
    [{ user_id: "someone" }, ""],
  ])("refuses %j", async (body, field) => {
    const answer = (await change(student, body)).expect(422);
    expect(JSON.stringify(answer.json)).toContain(field);
  });

  it("belong to a login", async () => {
    (await test.visitor("GET", "/me/notification-settings")).expect(401);
    (await test.visitor("PATCH", "/me/notification-settings", {})).expect(401);
  });

  it("say when mail to the address is rejected", async () => {
    await test.db.owner.query("insert into private.unreachable_addresses values (lower($1), '550 Gone')", [
      student.email,
    ]);
    expect((await read(student)).is_address_reachable).toBe(false);
    expect((await read(mentor)).is_address_reachable).toBe(true);
  });
});

describe("a message", () => {
  it("reaches the channels on which its topic is not muted", async () => {
    (await change(mentor, { muted: ["inbox:bookings"] })).expect(200);
    (await change(student, { muted: ["email:bookings"] })).expect(200);
    await bookAny(student, mentor);
    await runJobs(test.db);
    expect(await inboxOf(mentor)).toEqual([]);
    expect((await mailsTo(mentor)).map(({ kind }) => kind)).toEqual(["booking_booked"]);
    expect(await mailsTo(student)).toEqual([]);
  });

  const messageTo = (who: Person, extra: Partial<Message>): Message => ({
    kind: "booking_cancelled",
    facts: {
      role: "student",
      counterpart: "Asha",
      service_title: "1:1",
      mentor_username: "asha",
      starts_at: new Date(Date.now() + 2 * DAY_MS).toISOString(),
    },
    recipient: { id: who.id, name: "Ravi", email: who.email, timezone: "Asia/Kathmandu", language: "en" },
    dedupeKey: occasionOf(epochMs(Date.now()), "test", Math.random()),
    ...(extra as object),
  });
  const write = (message: Message) =>
    test.db.database.asSystem("test", null, (tx) => writeMessages(tx, [message], epochMs(Date.now())));

  it("that is not urgent waits for the end of quiet hours, which are in the person's zone", async () => {
    const clock = (ms: number) => wallClockOf("Asia/Kathmandu", epochMs(Date.now() + ms)).time;
    (await change(student, { quiet_hours: { from: clock(-HOUR_MS), until: clock(2 * HOUR_MS) } })).expect(
      200,
    );
    await write(messageTo(student, {}));
    await write(messageTo(student, { isUrgent: true }));
    const [quiet, urgent] = await mailsTo(student);
    expect(quiet?.wait).toBeGreaterThan(1.9 * 3600);
    expect(quiet?.wait).toBeLessThan(2.1 * 3600);
    expect(urgent?.wait).toBeLessThan(1);
  });

  it("about what happened more than a day ago is not mailed any more", async () => {
    await write(messageTo(student, { happenedAt: epochMs(Date.now() - DAY_MS) }));
    expect(await mailsTo(student)).toEqual([]);
    expect(await inboxOf(student)).toEqual(["booking_cancelled"]);
    await write(messageTo(student, { happenedAt: epochMs(Date.now() - DAY_MS + HOUR_MS) }));
    expect(await mailsTo(student)).toHaveLength(1);
  });

  it("about a free time is mailed to a confirmed address only", async () => {
    const alert = {
      kind: "alert_fired",
      facts: {
        role: "student",
        counterpart: "Asha",
        service_title: "1:1",
        mentor_username: "asha",
        starts_at: new Date().toISOString(),
        service_id: mentor.services[0]?.id,
        duration: 60,
        from_date: "2026-12-01",
        to_date: "2026-12-02",
      },
    } as unknown as Partial<Message>;
    await test.db.owner.query("update auth.users set email_verified = false where id = $1", [student.id]);
    await write(messageTo(student, alert));
    expect(await mailsTo(student)).toEqual([]);
    expect(await inboxOf(student)).toEqual(["alert_fired"]);
    await test.db.owner.query("update auth.users set email_verified = true where id = $1", [student.id]);
    await write(messageTo(student, alert));
    expect((await mailsTo(student)).map(({ kind }) => kind)).toEqual(["alert_fired"]);
  });
});

describe("unsubscribing by one click", () => {
  const links = unsubscribeLinks(testSecret);
  const post = (token: string, type = "application/x-www-form-urlencoded") =>
    test.app.inject({
      method: "POST",
      url: `/unsubscribe/${token}`,
      headers: { "content-type": type },
      payload: "List-Unsubscribe=One-Click",
    });

  it("needs no cookie, may arrive twice, and ends the mails of that topic alone", async () => {
    const token = links.sign({ userId: student.id, topic: "alerts" });
    for (let times = 0; times < 2; times++) {
      const answer = await post(token);
      expect([answer.statusCode, answer.json()]).toEqual([200, { topic: "alerts" }]);
    }
    expect((await read(student)).muted).toEqual(["email:alerts"]);
    expect((await read(mentor)).muted).toEqual([]);
  });

  it("keeps what the person has muted before", async () => {
    (await change(student, { muted: ["inbox:reviews"], reminder_leads: [15] })).expect(200);
    await Promise.all([
      post(links.sign({ userId: student.id, topic: "alerts" })),
      post(links.sign({ userId: student.id, topic: "reviews" })),
    ]);
    const { muted, reminder_leads } = await read(student);
    expect([...muted].sort()).toEqual(["email:alerts", "email:reviews", "inbox:reviews"]);
    expect(reminder_leads).toEqual([15]);
  });

  it.each(topics)("has a token for %s that is good for nothing else", async (topic) => {
    const token = links.sign({ userId: student.id, topic });
    for (const other of topics.filter((each) => each !== topic)) {
      expect((await post(token.replace(topic, other))).statusCode).toBe(404);
    }
    expect((await post(token.replace(student.id, mentor.id))).statusCode).toBe(404);
    expect((await post(`${token}x`)).statusCode).toBe(404);
    expect(unsubscribeLinks(`${testSecret}!`).verify(token)).toBeUndefined();
  });

  it("with the token of a deleted account does nothing", async () => {
    const token = links.sign({ userId: "00000000-0000-4000-8000-000000000000", topic: "alerts" });
    expect((await post(token)).statusCode).toBe(200);
  });

  it("accepts the other form of a form too", async () => {
    const token = links.sign({ userId: student.id, topic: "alerts" });
    expect((await post(token, "multipart/form-data; boundary=x")).statusCode).toBe(200);
  });
});
