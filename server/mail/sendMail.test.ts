import { randomUUID } from "node:crypto";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { epochMs, HOUR_MS } from "#scheduling/units.ts";
import { systemClock } from "../platform/clock.ts";
import { bookAny } from "../testing/booking.ts";
import { runJobs } from "../testing/jobs.ts";
import { captureLog } from "../testing/logCapture.ts";
import { openTestSender, sendMails } from "../testing/mail.ts";
import { openSmtpServer, type TestSmtpServer } from "../testing/smtpServer.ts";
import { type Mentor, openTestApp, type Person, type TestApp, testConfig } from "../testing/testApp.ts";
import { writeAccountMail } from "./accountMail.ts";
import { writeDeliveries } from "./deliveries.ts";
import { occasionOf } from "./occasion.ts";

const log = captureLog();
let test: TestApp;
let smtp: TestSmtpServer;
beforeAll(async () => {
  test = await openTestApp({ logger: log.options });
});
afterAll(() => test.close());
beforeEach(async () => {
  smtp = await openSmtpServer();
  await test.db.owner.query("delete from private.deliveries; delete from private.unreachable_addresses");
});
afterEach(() => smtp.close());

const addresses = () => smtp.received.map(({ to }) => to.join()).sort();

/** Writes mails that say that a password was changed. */
async function write(...to: string[]): Promise<void> {
  for (const address of to)
    await writeAccountMail(
      { database: test.db.database, now: systemClock, secret: testConfig.authSecret },
      { kind: "password_changed", to: address, name: "Ravi" },
    );
}

interface Row {
  address: string;
  state: string;
  attempts: number;
  last_error: string | null;
  content: object;
  wait: number;
}

async function rows(): Promise<Row[]> {
  const { rows: found } = await test.db.owner.query<Row>(
    `select address, state, attempts, last_error, content, extract(epoch from due_at - now())::float8 as wait
     from private.deliveries order by created_at, id`,
  );
  return found;
}

const makeDue = () =>
  test.db.owner.query("update private.deliveries set due_at = now() where state = 'waiting'");

describe("mails about a booking", () => {
  let mentor: Mentor;
  let student: Person;
  beforeAll(async () => {
    mentor = await test.makeMentor();
    [student] = (await test.signUpCrowd(1)) as [Person];
  });

  it("go to both people, each once and to one address, and are one thread", async () => {
    const booked = await bookAny(student, mentor);
    await runJobs(test.db);
    expect(await sendMails(test.db, smtp)).toBe(2);
    expect(await sendMails(test.db, smtp)).toBe(0);
    expect(addresses()).toEqual([mentor.email, student.email].sort());
    for (const { to, mail, source } of smtp.received) {
      expect(to).toHaveLength(1);
      expect(mail.references).toBe(`<booking-${booked.id}@example.com>`);
      expect(mail.inReplyTo).toBe(mail.references);
      expect(mail.headers.get("auto-submitted")).toBe("auto-generated");
      // What is about their own booking is not unsubscribed from.
      expect(mail.headers.has("list")).toBe(false);
      const other = to[0] === mentor.email ? student.email : mentor.email;
      expect(source).not.toContain(other);
    }
    const [one, other] = smtp.received.map(({ mail }) => mail.messageId);
    expect(one).not.toBe(other);
  });

  it("are not written again when the event's messages are", async () => {
    await test.db.owner.query("update booking_events set notified_at = null");
    await runJobs(test.db);
    expect(await sendMails(test.db, smtp)).toBe(2);
    await test.db.owner.query("update booking_events set notified_at = null");
    await runJobs(test.db);
    expect(await sendMails(test.db, smtp)).toBe(0);
  });
});

describe("a mail server", () => {
  it("that is down keeps all mails, without counting attempts, until it is back", async () => {
    await write("one@example.com", "two@example.com");
    const { port } = smtp;
    await smtp.close();
    await sendMails(test.db, smtp);
    expect(await rows()).toMatchObject([
      { state: "waiting", attempts: 0 },
      { state: "waiting", attempts: 0 },
    ]);
    smtp = await openSmtpServer({}, port);
    expect(await sendMails(test.db, smtp)).toBe(2);
    expect(addresses()).toEqual(["one@example.com", "two@example.com"]);
  });

  it("that rejects one address of two gets the other mail, and the first is not tried again", async () => {
    smtp.behaviour = {
      rejectRecipient: (address) => (address.startsWith("gone") ? "550 5.1.1 No such user" : undefined),
    };
    await write("gone@example.com", "here@example.com");
    await sendMails(test.db, smtp);
    expect(addresses()).toEqual(["here@example.com"]);
    expect(await rows()).toMatchObject([
      {
        address: "gone@example.com",
        state: "undeliverable",
        attempts: 1,
        last_error: "550 5.1.1 No such user",
      },
      { address: "here@example.com", state: "sent", content: {} },
    ]);
    await write("Gone@example.com");
    await sendMails(test.db, smtp);
    expect(await rows()).toMatchObject([
      {},
      {},
      {
        state: "undeliverable",
        attempts: 0,
        last_error: "The address cannot be reached: 550 5.1.1 No such user",
      },
    ]);
  });

  it("leaves no address in the log, whatever it replies", async () => {
    smtp.behaviour = { rejectRecipient: (address) => `550 5.1.1 <${address}> is unknown here` };
    await write("private@example.com");
    const sender = openTestSender(test.db, smtp, { log: test.app.log });
    await sender.drain();
    await sender.stop();
    expect(log.text()).toContain('"failure":"550 5.1.1"');
    expect(log.text()).not.toContain("private");
    expect((await rows())[0]?.last_error).toContain("private@example.com");
  });

  it("gets a code for an address that it rejected: the owner tries again", async () => {
    await test.db.owner.query(
      "insert into private.unreachable_addresses values ('back@example.com', '550 Gone')",
    );
    await writeAccountMail(
      { database: test.db.database, now: systemClock, secret: testConfig.authSecret },
      { kind: "code_confirm_address", to: "back@example.com", code: "482913" },
    );
    await sendMails(test.db, smtp);
    expect(smtp.received[0]?.mail.text).toContain("482913");
    const { rows: left } = await test.db.owner.query("select sealed_code from private.deliveries");
    expect(left).toEqual([{ sealed_code: null }]);
  });

  it("gets an undeliverable mail again when the operator says so", async () => {
    smtp.behaviour = { rejectRecipient: () => "550 5.1.1 No such user" };
    await write("typo@example.com");
    await sendMails(test.db, smtp);
    smtp.behaviour = {};
    await test.db.owner.query("select private.send_again(id) from private.deliveries");
    await sendMails(test.db, smtp);
    expect(addresses()).toEqual(["typo@example.com"]);
    expect(await rows()).toMatchObject([{ state: "sent" }]);
  });

  it("that answers 4xx and then 2xx gets the mail once, after a pause", async () => {
    smtp.behaviour = { rejectRecipient: () => "451 4.7.1 Greylisted" };
    await write("grey@example.com");
    await sendMails(test.db, smtp);
    const [row] = await rows();
    expect(row).toMatchObject({ state: "waiting", attempts: 1, last_error: "451 4.7.1 Greylisted" });
    expect(row?.wait).toBeGreaterThan(50);
    smtp.behaviour = {};
    expect(await sendMails(test.db, smtp)).toBe(0);
    await makeDue();
    expect(await sendMails(test.db, smtp)).toBe(1);
    expect(addresses()).toEqual(["grey@example.com"]);
  });

  it("that rejects a mail's content for good does not say that the address is wrong", async () => {
    smtp.behaviour = { rejectMail: () => "554 5.7.1 Looks like spam" };
    await write("fine@example.com");
    await sendMails(test.db, smtp);
    expect(await rows()).toMatchObject([{ state: "undeliverable", last_error: "554 5.7.1 Looks like spam" }]);
    expect((await test.db.owner.query("select from private.unreachable_addresses")).rowCount).toBe(0);
  });

  it("that hangs up in the middle of a mail gets it again with the same Message-ID, and the other mails meanwhile", async () => {
    smtp.behaviour = { hangUp: (to) => to.startsWith("cut") };
    await write("cut@example.com", "whole@example.com");
    await sendMails(test.db, smtp);
    expect(addresses()).toEqual(["whole@example.com"]);
    expect(await rows()).toMatchObject([{ state: "waiting", attempts: 1 }, { state: "sent" }]);
    smtp.behaviour = {};
    await makeDue();
    await sendMails(test.db, smtp);
    expect(addresses()).toEqual(["cut@example.com", "whole@example.com"]);
  });

  it("that is slow for some addresses does not hold up the rest", async () => {
    const { promise: slow, resolve: answer } = Promise.withResolvers<void>();
    smtp.behaviour = { atContent: async (to) => (to.startsWith("slow") ? slow : undefined) };
    await write("slow@example.com", ...Array.from({ length: 39 }, (_, n) => `quick${n}@example.com`));
    const sender = openTestSender(test.db, smtp);
    const draining = sender.drain();
    await expect.poll(() => smtp.received.length, { timeout: 10_000 }).toBeGreaterThanOrEqual(30);
    expect(addresses()).not.toContain("slow@example.com");
    answer();
    expect(await draining).toBe(40);
    await sender.stop();
    expect(addresses()).toContain("slow@example.com");
  });
});

describe("a mail", () => {
  it("that cannot be composed is a dead letter, and the others are sent", async () => {
    await test.db.database.asSystem("a test", null, (tx) =>
      writeDeliveries(tx, [
        {
          address: "broken@example.com",
          kind: "booking_booked",
          occasion: occasionOf(systemClock(), "broken"),
          content: {
            recipient: { name: "Ravi", timezone: "UTC", language: "en" },
            topic: "bookings",
            facts: {},
          },
          isUrgent: true,
          expiresAt: epochMs(Date.now() + HOUR_MS),
        },
      ]),
    );
    await write("fine@example.com");
    await sendMails(test.db, smtp);
    expect(addresses()).toEqual(["fine@example.com"]);
    expect(await rows()).toMatchObject([
      { state: "undeliverable", last_error: expect.stringContaining("could not be composed") },
      { state: "sent" },
    ]);
  });

  it("is sent by one of several processes", async () => {
    await write(...Array.from({ length: 60 }, (_, n) => `person${n}@example.com`));
    const senders = Array.from({ length: 4 }, () => openTestSender(test.db, smtp));
    await Promise.all(senders.map((sender) => sender.drain()));
    await Promise.all(senders.map((sender) => sender.stop()));
    expect(addresses()).toHaveLength(60);
    expect(new Set(addresses()).size).toBe(60);
  });

  it("of a process that was killed after claiming it is sent by another one", async () => {
    await write("kept@example.com");
    await test.db.owner.query("select private.claim_deliveries(10, interval '1 minute')");
    expect(await sendMails(test.db, smtp)).toBe(0);
    await makeDue();
    expect(await sendMails(test.db, smtp)).toBe(1);
    expect(addresses()).toEqual(["kept@example.com"]);
  });

  it("of a process that was killed after sending it has a copy with the same Message-ID at most", async () => {
    await write("twice@example.com");
    await sendMails(test.db, smtp);
    await test.db.owner.query(
      `update private.deliveries set state = 'waiting', ended_at = null, due_at = now(),
         content = '{"recipient": {"name": "", "timezone": "UTC", "language": "en"}}'`,
    );
    await sendMails(test.db, smtp);
    const ids = smtp.received.map(({ mail }) => mail.messageId);
    expect(ids).toHaveLength(2);
    expect(ids[0]).toBe(ids[1]);
  });

  it("whose claim another process has taken over is not marked by the first one", async () => {
    await write("slow@example.com");
    const { rows: claimed } = await test.db.owner.query(
      "select id, attempt from private.claim_deliveries(10, interval '0')",
    );
    await test.db.owner.query("select private.claim_deliveries(10, interval '1 minute')");
    const [{ id, attempt }] = claimed;
    const ended = await test.db.owner.query("select private.end_delivery($1, $2, 'sent') as ended", [
      id,
      attempt,
    ]);
    expect(ended.rows).toEqual([{ ended: false }]);
    expect(await rows()).toMatchObject([{ state: "waiting", attempts: 2 }]);
  });

  it("that is too late is not sent", async () => {
    await write("late@example.com");
    await test.db.owner.query("update private.deliveries set expires_at = now()");
    expect(await sendMails(test.db, smtp)).toBe(0);
    expect(await rows()).toMatchObject([
      { state: "undeliverable", last_error: "It could not be sent in time." },
    ]);
  });

  it.each([
    ["line breaks", "Ravi\r\nBcc: victim@example.com", "Ravi Bcc: victim@example.com"],
    ["quotes", 'Ravi "the <Great>" \\ Shah', 'Ravi "the <Great>" \\ Shah'],
    ["emoji", "Ravi 🎓🇮🇳", "Ravi 🎓🇮🇳"],
    ["commas and an address", "Shah, Ravi <victim@example.com>,", "Shah, Ravi <victim@example.com>,"],
    ["Devanagari", "रवि शाह", "रवि शाह"],
  ])("to a name with %s has that name and one recipient", async (_, name, shown) => {
    const to = `${randomUUID()}+tag@Example.com`;
    await writeAccountMail(
      { database: test.db.database, now: systemClock, secret: testConfig.authSecret },
      { kind: "password_changed", to, name },
    );
    await sendMails(test.db, smtp);
    const [received] = smtp.received;
    expect(received?.to.map((address) => address.toLowerCase())).toEqual([to.toLowerCase()]);
    expect(received?.mail.to).toMatchObject({ value: [{ name: shown }] });
    expect(received?.mail.headers.has("bcc")).toBe(false);
  });

  it("to an address with an international domain goes to its ASCII form", async () => {
    await write("ravi+books@bücher.example");
    await sendMails(test.db, smtp);
    // The server of the test shows it as people write it.
    expect(addresses()).toEqual(["ravi+books@bücher.example"]);
    expect(smtp.received[0]?.source).toMatch(/^To: .*ravi\+books@xn--bcher-kva\.example>?\r$/m);
  });

  it("leaves no faster than the configured rate", async () => {
    await write(...Array.from({ length: 11 }, (_, n) => `paced${n}@example.com`));
    const sender = openTestSender(test.db, smtp, { perSecond: 20 });
    const began = performance.now();
    await sender.drain();
    expect(performance.now() - began).toBeGreaterThan(450);
    await sender.stop();
  });
});
