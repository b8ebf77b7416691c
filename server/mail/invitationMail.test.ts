import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { type Booking, booking, bookingPage } from "#contract/bookings.ts";
import { book, bookAny, dateIn, moveTo, readSlots } from "../testing/booking.ts";
import { readCalendarFile } from "../testing/calendarFile.ts";
import { openGroup } from "../testing/groups.ts";
import { runJobs } from "../testing/jobs.ts";
import { sendMails } from "../testing/mail.ts";
import { joinProgramme, makeProgramme } from "../testing/programmes.ts";
import { openSmtpServer, type TestSmtpServer } from "../testing/smtpServer.ts";
import { type Mentor, openTestApp, type Person, type TestApp, testMailConfig } from "../testing/testApp.ts";
import { bookSeries, weeklyStarts } from "../testing/together.ts";

let test: TestApp;
let smtp: TestSmtpServer;
beforeAll(async () => {
  test = await openTestApp();
});
afterAll(() => test.close());
beforeEach(async () => {
  smtp = await openSmtpServer();
});
afterEach(() => smtp.close());

/** A part of a mail (RFC 2045) as it was sent. */
interface Part {
  type: string;
  headers: string;
  parts: Part[];
  body: string;
}

function partOf(source: string): Part {
  const end = source.indexOf("\r\n\r\n");
  const headers = source.slice(0, end).replace(/\r\n[ \t]+/g, " ");
  const body = source.slice(end + 4);
  const [, type = "text/plain"] = /^content-type: *([\w/.-]+)/im.exec(headers) ?? [];
  const [, boundary] = /boundary="?([^";\r\n]+)/i.exec(headers) ?? [];
  const parts = boundary
    ? body
        .split(`--${boundary}`)
        .slice(1, -1)
        .map((part) => partOf(part.replace(/^\r\n/, "")))
    : [];
  return { type, headers, parts, body };
}

function decoded({ headers, body }: Part): string {
  const [, encoding = "7bit"] = /^content-transfer-encoding: *([\w-]+)/im.exec(headers) ?? [];
  switch (encoding.toLowerCase()) {
    case "base64":
      return Buffer.from(body, "base64").toString("utf8");
    case "quoted-printable": {
      const bytes = body
        .replace(/=\r\n/g, "")
        .replace(/=([0-9A-F]{2})/g, (_whole, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
      return Buffer.from(bytes, "latin1").toString("utf8");
    }
    default:
      return body.replace(/\r\n$/, "");
  }
}

/** Sends what is due. Returns each mail's recipient and calendar part, read; null for a mail without one. */
async function invitationsSent() {
  await runJobs(test.db);
  await sendMails(test.db, smtp);
  const sent = smtp.received.splice(0).map(({ to, source, mail }) => {
    const root = partOf(source);
    const alternative = root.type === "multipart/mixed" ? root.parts[0] : root;
    const calendar = alternative?.parts.find(({ type }) => type === "text/calendar");
    if (!calendar) return [to.join(), null] as const;
    expect(root.type).toBe("multipart/mixed");
    expect(alternative?.type).toBe("multipart/alternative");
    expect(alternative?.parts.map(({ type }) => type)).toEqual(["text/plain", "text/html", "text/calendar"]);
    const text = decoded(calendar);
    const file = readCalendarFile(text);
    const method = String(file.calendar.getFirstPropertyValue("method"));
    expect(calendar.headers).toMatch(
      new RegExp(`^content-type: text/calendar; charset=utf-8; method=${method}`, "im"),
    );
    // The same as an attachment, as another parser finds it.
    const attached = mail.attachments.filter(({ contentType }) => contentType === "application/ics");
    expect(attached.map(({ filename, content }) => [filename, content.toString("utf8")])).toEqual([
      ["invitation.ics", text],
    ]);
    expect(file.events).toHaveLength(1);
    const event = file.events[0]!;
    expect(event.component.getAllProperties("attendee").map((one) => one.getFirstValue())).toEqual([
      `mailto:${to[0]}`,
    ]);
    expect(event.text("organizer")).toBe(`mailto:${testMailConfig.mailFrom}`);
    return [to.join(), { method, event, text }] as const;
  });
  return sent;
}

async function sequenceOfFile(who: Person, { id }: Booking): Promise<number> {
  const { text } = (await who.call("GET", `/bookings/${id}/calendar.ics`)).expect(200);
  return readCalendarFile(text).events[0]?.sequence ?? Number.NaN;
}

/** Sends what is due. Returns each mail's recipient and its calendar files, each of one session, by UID. */
async function filesSent() {
  await runJobs(test.db);
  await sendMails(test.db, smtp);
  return new Map(
    smtp.received.splice(0).map(({ to, source, mail }) => {
      const root = partOf(source);
      const alternative = root.type === "multipart/mixed" ? root.parts[0] : root;
      expect(alternative?.parts.map(({ type }) => type)).toEqual(["text/plain", "text/html"]);
      const files = mail.attachments.map(({ contentType, content, headers }) => {
        expect(contentType).toBe("text/calendar");
        const { calendar, events } = readCalendarFile(content.toString("utf8"));
        const method = String(calendar.getFirstPropertyValue("method"));
        expect(headers.get("content-type")).toMatchObject({ params: { method } });
        expect(events).toHaveLength(1);
        return [events[0]!.uid, { method, event: events[0]! }] as const;
      });
      return [to.join(), new Map(files)] as const;
    }),
  );
}

it("mails about several sessions have a file for each, which later mails about one of them follow", async () => {
  const mentor = await test.makeMentor({ timezone: "Europe/Berlin", settings: { booking_window_days: 365 } });
  const [student] = (await test.signUpCrowd(1)) as [Person];
  const made = await bookSeries(student, mentor, await weeklyStarts(student, mentor, 3));
  const uids = made.sessions.map(({ id }) => `${id}@matepeak`);
  const requested = await filesSent();
  (await mentor.call("POST", `/series/${made.id}/confirm`)).expect(200);
  const confirmed = await filesSent();
  const starts = await weeklyStarts(student, mentor, 3, { hours: 1 });
  const to = { from_place: 1, starts_at: new Date(starts[0]!).toISOString() };
  (await student.call("POST", `/series/${made.id}/reschedule`, to)).expect(200);
  const moved = await filesSent();
  const [first, second, third] = made.sessions as unknown as [Booking, Booking, Booking];
  (await student.call("POST", `/bookings/${first.id}/cancel`)).expect(200);
  const [alone] = (await invitationsSent()).map(([, invitation]) => invitation);
  expect(alone).toMatchObject({ method: "CANCEL", event: { uid: uids[0] } });
  (await mentor.call("POST", `/series/${made.id}/cancel`, {})).expect(200);
  const cancelled = await filesSent();
  for (const { email } of [student, mentor]) {
    expect(requested.get(email)?.size).toBe(0);
    expect([...confirmed.get(email)!.keys()]).toEqual(uids);
    expect([...moved.get(email)!.keys()]).toEqual(uids);
    expect([...cancelled.get(email)!.keys()]).toEqual(uids.slice(1));
    for (const [place, uid] of uids.entries()) {
      const [before, after] = [confirmed, moved].map((sent) => sent.get(email)!.get(uid)!);
      expect([before!.method, after!.method]).toEqual(["REQUEST", "REQUEST"]);
      expect(before!.event.start).toBe(Date.parse(made.sessions[place]!.starts_at));
      expect(after!.event.start).toBe(starts[place]);
      expect(after!.event.sequence).toBeGreaterThan(before!.event.sequence);
    }
    for (const { id } of [second, third]) {
      const { method, event } = cancelled.get(email)!.get(`${id}@matepeak`)!;
      expect([method, event.status]).toEqual(["CANCEL", "CANCELLED"]);
      expect(event.sequence).toBeGreaterThan(moved.get(email)!.get(`${id}@matepeak`)!.event.sequence);
    }
  }
});

describe("the invitations to a session", () => {
  let mentor: Mentor;
  let student: Person;
  beforeEach(async () => {
    mentor = await test.makeMentor({ timezone: "Europe/Berlin" });
    [student] = (await test.signUpCrowd(1)) as [Person];
    // The entry's version counts the mentor's changes too.
    (await mentor.call("PATCH", "/mentors/me", { full_name: "Asha R. Rao" })).expect(200);
  });

  it("come with its confirmation, follow its move, and take it out when it is cancelled", async () => {
    const made = await bookAny(student, mentor);
    const requested = await invitationsSent();
    expect(requested.map(([, invitation]) => invitation)).toEqual([null, null]);

    (await mentor.call("POST", `/bookings/${made.id}/confirm`)).expect(200);
    const confirmed = await invitationsSent();
    const [later] = (await readSlots(student.call, mentor, { from: dateIn(mentor, 8) })).slice(-1);
    const moved = (
      await student.call("POST", `/bookings/${made.id}/reschedule`, moveTo(mentor, later!.starts_at))
    )
      .expect(200)
      .read(booking);
    const updated = await invitationsSent();
    const sequence = await sequenceOfFile(student, made);
    (await student.call("POST", `/bookings/${made.id}/cancel`)).expect(200);
    const cancelled = await invitationsSent();

    for (const { email } of [student, mentor]) {
      const [first, second, last] = [confirmed, updated, cancelled].map((sent) => new Map(sent).get(email));
      expect([first?.method, second?.method, last?.method]).toEqual(["REQUEST", "REQUEST", "CANCEL"]);
      expect(first?.event).toMatchObject({ status: "CONFIRMED", start: Date.parse(made.starts_at) });
      expect(second?.event).toMatchObject({ status: "CONFIRMED", start: Date.parse(moved.starts_at) });
      expect(last?.event).toMatchObject({ status: "CANCELLED", start: Date.parse(moved.starts_at) });
      for (const one of [first, second, last]) expect(one?.event.uid).toBe(`${made.id}@matepeak`);
      // A file that was downloaded in between is neither older nor newer than the mail of the same state.
      expect(second?.event.sequence).toBe(sequence);
      expect(first!.event.sequence).toBeLessThan(sequence);
      expect(last!.event.sequence).toBeGreaterThan(sequence);
    }
  });

  it("come with links to calendars on the web, which a request has not", async () => {
    const { id } = await bookAny(student, mentor);
    const linksIn = async () => {
      await runJobs(test.db);
      await sendMails(test.db, smtp);
      return smtp.received.splice(0).map(({ mail }) => [String(mail.html), String(mail.text)]);
    };
    expect((await linksIn()).flat().join()).not.toContain("calendar.google.com");
    (await mentor.call("POST", `/bookings/${id}/confirm`)).expect(200);
    for (const [html = "", text = ""] of await linksIn()) {
      expect(html).toContain("https://calendar.google.com/calendar/render?action=TEMPLATE&amp;text=");
      for (const part of [html, text]) {
        expect(part).toContain("https://outlook.live.com/calendar/0/deeplink/compose?path=");
        expect(part).toContain("/manage?do=calendar#v1.");
      }
    }
  });

  it("are not sent for a request that is declined or withdrawn", async () => {
    for (const [who, step] of [
      [mentor, "decline"],
      [student, "cancel"],
    ] as const) {
      const { id } = await bookAny(student, mentor);
      (await who.call("POST", `/bookings/${id}/${step}`)).expect(200);
      const sent = await invitationsSent();
      expect(sent.length).toBeGreaterThan(2);
      expect(sent.filter(([, invitation]) => invitation)).toEqual([]);
    }
  });

  it("do not bring back an old time when they are sent late", async () => {
    const made = await bookAny(student, mentor);
    (await mentor.call("POST", `/bookings/${made.id}/confirm`)).expect(200);
    await runJobs(test.db);
    (await mentor.call("POST", `/bookings/${made.id}/cancel`)).expect(200);
    const sent = (await invitationsSent()).flatMap(([, invitation]) => invitation ?? []);
    expect(sent.map(({ method }) => method)).toEqual(["CANCEL", "CANCEL", "CANCEL", "CANCEL"]);
  });

  it("hold a name with line breaks of all kinds, quotes, an emoji and marks of direction", async () => {
    const [slot] = await readSlots(student.call, mentor);
    const name = '\u202ERavi "R🧗🏽‍♀️" \u2028 ऋषि; ATTENDEE:mailto:evil@example.com';
    const made = await book(student, mentor, slot!.starts_at);
    await test.db.owner.query("update auth.users set name = $2 where id = $1", [student.id, name]);
    (await mentor.call("POST", `/bookings/${made.id}/confirm`)).expect(200);
    const sent = new Map((await invitationsSent()).filter(([, invitation]) => invitation));
    expect(sent.get(student.email)?.event.sequence).toBe(await sequenceOfFile(student, made));
  });
});

describe("the invitations to a group session", () => {
  it("update one entry of its mentor with each seat, and each student's own one", async () => {
    const { mentor, session, people } = await openGroup(test, { people: 2 });
    const [first, second] = people as [Person, Person];
    const sent = async () => {
      const all = (await invitationsSent()).flatMap(([to, invitation]) =>
        invitation ? [{ to, ...invitation }] : [],
      );
      return {
        toMentor: all.filter(({ to }) => to === mentor.email),
        toStudents: all.filter(({ to }) => to !== mentor.email),
      };
    };
    const versions: number[] = [];
    const uid = `${session.id}@matepeak`;

    const booked = await sent();
    expect(booked.toMentor.map(({ method, event }) => [method, event.uid, event.text("summary")])).toEqual([
      ["REQUEST", uid, "Circle: 2 of 8 seats"],
      ["REQUEST", uid, "Circle: 2 of 8 seats"],
    ]);
    expect(new Set(booked.toStudents.map(({ event }) => event.uid)).size).toBe(2);
    versions.push(booked.toMentor[0]!.event.sequence);

    const seats = await Promise.all(
      [first, second].map(async (person) => {
        const { data } = (await person.call("GET", "/bookings")).read(bookingPage);
        return data[0]!.id;
      }),
    );
    (await first.call("POST", `/bookings/${seats[0]}/cancel`)).expect(200);
    const left = await sent();
    expect(left.toMentor.map(({ method, event }) => [method, event.uid, event.text("summary")])).toEqual([
      ["REQUEST", uid, "Circle: 1 of 8 seats"],
    ]);
    expect(left.toStudents.map(({ method }) => method)).toEqual(["CANCEL"]);
    versions.push(left.toMentor[0]!.event.sequence);

    const path = `/mentors/me/group-sessions/${session.id}`;
    const to = { scheduled_date: dateIn(mentor, 12), scheduled_time: "19:00" };
    (await mentor.call("POST", `${path}/move`, to)).expect(200);
    const moved = await sent();
    expect(moved.toMentor.map(({ method, event }) => [method, event.uid])).toEqual([["REQUEST", uid]]);
    expect(moved.toMentor[0]!.event.start).toBe(moved.toStudents[0]!.event.start);
    expect(moved.toMentor[0]!.event.start).not.toBe(Date.parse(session.starts_at));
    versions.push(moved.toMentor[0]!.event.sequence);

    (await mentor.call("POST", `${path}/cancel`, {})).expect(200);
    const cancelled = await sent();
    expect(cancelled.toMentor.map(({ method, event }) => [method, event.uid])).toEqual([["CANCEL", uid]]);
    expect(cancelled.toStudents.map(({ method }) => method)).toEqual(["CANCEL"]);
    versions.push(cancelled.toMentor[0]!.event.sequence);
    expect(versions).toEqual([...new Set(versions)].sort((a, b) => a - b));
  });

  it("of a programme offer to cancel and not to reschedule, because its dates are the mentor's", async () => {
    const { mentor } = await openGroup(test);
    const [student] = (await test.signUpCrowd(1)) as [Person];
    const made = await makeProgramme(mentor, { time: "21:00" });
    await bookAny(student, mentor);
    await joinProgramme(student, made);
    const mailsTo = async () => {
      await runJobs(test.db);
      await sendMails(test.db, smtp);
      return smtp.received.splice(0).filter(({ to }) => to.join() === student.email);
    };
    // The twin: a seat that was booked alone.
    expect((await mailsTo()).some(({ mail }) => mail.text?.includes("?do=reschedule"))).toBe(true);
    const to = { scheduled_date: dateIn(mentor, 18), scheduled_time: "18:00" };
    const second = `/mentors/me/group-sessions/${made.sessions[1]?.group_session_id}`;
    (await mentor.call("POST", `${second}/move`, to)).expect(200);
    const [moved] = await mailsTo();
    expect(moved?.mail.text).toContain("cancel with the link below");
    expect(moved?.mail.text).toContain("?do=cancel");
    expect(moved?.mail.text).not.toContain("?do=reschedule");
  });

  it("take it out with the last seat, if a booking had opened it", async () => {
    const { mentor } = await openGroup(test);
    const [student] = (await test.signUpCrowd(1)) as [Person];
    const made = await bookAny(student, mentor);
    const [toMentor] = (await invitationsSent()).filter(([to]) => to === mentor.email);
    (await student.call("POST", `/bookings/${made.id}/cancel`)).expect(200);
    const [after] = (await invitationsSent()).filter(([to]) => to === mentor.email);
    expect([toMentor?.[1]?.method, after?.[1]?.method]).toEqual(["REQUEST", "CANCEL"]);
    expect(after?.[1]?.event.uid).toBe(toMentor?.[1]?.event.uid);
    expect(after![1]!.event.sequence).toBeGreaterThan(toMentor![1]!.event.sequence);
  });
});
