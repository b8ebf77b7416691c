import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { type Booking, booking } from "#contract/bookings.ts";
import { notificationPage } from "#contract/notifications.ts";
import { checkout, payment } from "#contract/payments.ts";
import { systemClock } from "../platform/clock.ts";
import { bookAny, bookingOf, letLapse, readSlots } from "../testing/booking.ts";
import { runJobs, runTask } from "../testing/jobs.ts";
import { sendMails } from "../testing/mail.ts";
import { openTestProvider, type TestProvider } from "../testing/paymentProvider.ts";
import { openSmtpServer, type TestSmtpServer } from "../testing/smtpServer.ts";
import { type Mentor, openTestApp, type Person, type TestApp } from "../testing/testApp.ts";
import { notifyOfEvents } from "./eventNotifier.ts";

let test: TestApp;
let provider: TestProvider;
let smtp: TestSmtpServer;
let mentor: Mentor;
let student: Person;
let rival: Person;
beforeAll(async () => {
  provider = openTestProvider();
  smtp = await openSmtpServer();
  test = await openTestApp({ payments: { provider, collecting: { feeBasisPoints: 1_000 } } });
});
beforeEach(async () => {
  provider.faults.clear();
  provider.refundsAtOnce = true;
  mentor = await test.makeMentor({ name: "Asha Rao", settings: { instant_confirm: true } });
  [student, rival] = (await test.signUpCrowd(2)) as [Person, Person];
});
afterAll(async () => {
  await test.close();
  await smtp.close();
});

const rows = async <Row>(text: string, ...values: unknown[]) =>
  (await test.db.owner.query(text, values)).rows as Row[];
/** Behind the triggers' backs. */
async function shift(text: string, ...values: unknown[]): Promise<void> {
  await rows("set session_replication_role = replica");
  await rows(text, ...values);
  await rows("reset session_replication_role");
}
const readPayment = async ({ id }: Pick<Booking, "id">, who = student) =>
  (await who.call("GET", `/bookings/${id}/payment`)).expect(200).read(payment);
const refresh = async ({ id }: Pick<Booking, "id">) =>
  (await student.call("POST", `/bookings/${id}/payment/refresh`)).expect(200).read(payment);
async function openOrder(held: Pick<Booking, "id">) {
  (await student.call("POST", `/bookings/${held.id}/payment/checkout`)).expect(200).read(checkout);
  return provider.orderOf((await readPayment(held)).id);
}
async function bookPaid(): Promise<Booking> {
  const held = await bookAny(student, mentor);
  provider.pay((await openOrder(held)).id);
  await refresh(held);
  return held;
}
const lapse = (held: Booking) => letLapse(test.db, held);

/** What a person's mails and inbox have got so far, oldest first. */
async function told(who: Person) {
  const mails = await rows<{ kind: string; facts: Record<string, unknown> }>(
    "select kind, content -> 'facts' as facts from private.deliveries where user_id = $1 order by created_at, kind",
    who.id,
  );
  const inbox = (await who.call("GET", "/notifications?limit=50")).read(notificationPage).data.reverse();
  return {
    mails: mails.map(({ kind }) => kind),
    inbox: inbox.map(({ kind }) => kind),
    facts: (kind: string) => mails.findLast((mail) => mail.kind === kind)?.facts,
    addresses: inbox.map(({ booking_id }) => booking_id),
  };
}
const hear = async (who = student) => {
  await runJobs(test.db, { provider });
  return told(who);
};

describe("a payment", () => {
  it("is told to the student with its receipt, and to the mentor in the message about the booking alone", async () => {
    const { total_amount } = await bookPaid();
    const heard = await hear();
    expect(heard.mails).toEqual(["booking_booked", "payment_received"]);
    expect(heard.inbox).toEqual(["payment_received"]);
    const [receipt] = await rows<{ id: string }>(
      "select id from documents where user_id = $1 and kind = 'receipt'",
      student.id,
    );
    expect(heard.facts("payment_received")).toMatchObject({
      role: "student",
      counterpart: "Asha Rao",
      amount: total_amount,
      currency: "INR",
      document_id: receipt?.id,
    });
    expect(heard.facts("booking_booked")?.money).toEqual({
      state: "paid",
      amount: total_amount,
      currency: "INR",
      policy: { full_cutoff: 1440, partial_cutoff: 120, partial_percent: 50 },
    });
    const mentors = await told(mentor);
    expect(mentors.mails).toEqual(["booking_booked"]);
    expect(mentors.inbox).toEqual(["booking_booked"]);
    expect(mentors.facts("booking_booked")?.money).toEqual({
      state: "paid",
      amount: total_amount,
      currency: "INR",
    });
  });

  it("is told once, however often and by however many workers it is processed", async () => {
    const { id } = await bookPaid();
    const dependencies = { database: test.db.database, now: systemClock };
    await Promise.all(Array.from({ length: 4 }, () => notifyOfEvents(dependencies)));
    const [event] = await rows<{ id: number }>(
      "select id from money_events where booking_id = $1 and kind = 'paid'",
      id,
    );
    await runTask(test.db, "notify_money_event", { event_id: event?.id, mentor_id: mentor.id }, { provider });
    await rows("update money_events set notified_at = null where booking_id = $1", id);
    const heard = await hear();
    expect(heard.mails).toEqual(["booking_booked", "payment_received"]);
    expect(heard.inbox).toEqual(["payment_received"]);
  });

  it("whose messages cannot be written stays to be told", async () => {
    await bookPaid();
    await rows(
      `create function private.reject_all() returns trigger language plpgsql as
         $$ begin if new.kind = 'payment_received' then raise exception 'not now'; end if; return new; end $$`,
    );
    await rows(
      "create trigger reject_all before insert on notifications for each row execute function private.reject_all()",
    );
    await expect(runJobs(test.db, { provider })).rejects.toThrow("not now");
    expect((await told(student)).mails).toEqual(["booking_booked"]);
    await rows("drop trigger reject_all on notifications");
    await rows("drop function private.reject_all()");
    await rows("update graphile_worker._private_jobs set run_at = now(), last_error = null");
    expect((await hear()).mails).toEqual(["booking_booked", "payment_received"]);
  });

  it("that is not made says nothing, and neither does its end", async () => {
    const held = await bookAny(student, mentor);
    await openOrder(held);
    await lapse(held);
    expect(await hear()).toMatchObject({ mails: [], inbox: [] });
    const second = await bookAny(student, mentor);
    (await student.call("POST", `/bookings/${second.id}/cancel`)).expect(200);
    expect(await hear()).toMatchObject({ mails: [], inbox: [] });
    expect(await told(mentor)).toMatchObject({ mails: [], inbox: [] });
  });

  it("made twice sends the second one back, in one message", async () => {
    const held = await bookAny(student, mentor);
    const order = await openOrder(held);
    provider.pay(order.id);
    provider.pay(order.id);
    await refresh(held);
    expect((await hear()).mails).toEqual([
      "booking_booked",
      "payment_received",
      "payment_twice",
      "refund_done",
    ]);
  });
});

describe("an attempt that fails", () => {
  const waited = (held: Pick<Booking, "id">) =>
    rows("update money_events set notify_at = now() where booking_id = $1 and kind = 'failed'", held.id);

  it("is told only after some minutes, once, with the time until which it can be repeated", async () => {
    const held = await bookAny(student, mentor);
    const order = await openOrder(held);
    provider.fail(order.id);
    await refresh(held);
    expect((await hear()).mails).toEqual([]);
    const [wait] = await rows<{ seconds: number }>(
      "select extract(epoch from notify_at - created_at)::integer as seconds from money_events where booking_id = $1",
      held.id,
    );
    expect(wait?.seconds).toBe(180);
    await waited(held);
    const heard = await hear();
    expect(heard.mails).toEqual(["payment_failed"]);
    expect(heard.facts("payment_failed")).toMatchObject({
      amount: held.total_amount,
      held_until: held.expires_at,
    });
    provider.fail(order.id);
    await refresh(held);
    await waited(held);
    // Also one of another month is of the same occasion.
    await rows(
      `update money_events set created_at = created_at + interval '40 days'
       where id = (select max(id) from money_events where booking_id = $1 and kind = 'failed') returning id`,
      held.id,
    );
    expect((await hear()).mails).toEqual(["payment_failed"]);
  });

  it("is not told to someone who has paid meanwhile, is about to, or has cancelled", async () => {
    const paid = await bookAny(student, mentor);
    const order = await openOrder(paid);
    provider.fail(order.id);
    await refresh(paid);
    provider.pay(order.id);
    await refresh(paid);
    await waited(paid);
    const left = await bookAny(student, mentor);
    provider.fail((await openOrder(left)).id);
    await refresh(left);
    (await student.call("POST", `/bookings/${left.id}/cancel`)).expect(200);
    await waited(left);
    const trying = await bookAny(student, mentor);
    const { id: orderId } = await openOrder(trying);
    provider.fail(orderId);
    await refresh(trying);
    provider.fail(orderId).state = "created";
    await refresh(trying);
    await waited(trying);
    expect((await hear()).mails).toEqual(["booking_booked", "payment_received"]);
  });

  it("of a time that is no longer held says so", async () => {
    const held = await bookAny(student, mentor);
    provider.fail((await openOrder(held)).id);
    await refresh(held);
    await lapse(held);
    await waited(held);
    const heard = await hear();
    expect(heard.mails).toEqual(["payment_failed"]);
    expect(heard.facts("payment_failed")).not.toHaveProperty("held_until");
  });

  it("reaches those who have muted payments; a receipt does not", async () => {
    await student.call("PATCH", "/me/notification-settings", { muted: ["email:payments", "inbox:payments"] });
    const held = await bookAny(student, mentor);
    const order = await openOrder(held);
    provider.fail(order.id);
    await refresh(held);
    await waited(held);
    await hear();
    provider.pay(order.id);
    await refresh(held);
    expect(await hear()).toMatchObject({
      mails: ["payment_failed", "booking_booked"],
      inbox: ["payment_failed"],
    });
  });
});

describe("a payment that comes too late", () => {
  it("books the session after all if its time is free: that is the usual message", async () => {
    const held = await bookAny(student, mentor);
    const order = await openOrder(held);
    await lapse(held);
    provider.pay(order.id);
    await refresh(held);
    expect((await hear()).mails).toEqual(["booking_booked", "payment_received"]);
  });

  it("is refunded if its time is taken, and the message says why", async () => {
    const held = await bookAny(student, mentor);
    const order = await openOrder(held);
    await lapse(held);
    (await rival.call("POST", "/bookings", bookingOf(mentor, held.starts_at))).expect(201);
    provider.pay(order.id);
    await refresh(held);
    const heard = await hear();
    expect(heard.mails).toEqual(["payment_late", "refund_done"]);
    expect(heard.facts("payment_late")).toMatchObject({ why: "late", amount: held.total_amount });
    expect((await told(mentor)).mails).toEqual([]);
    expect((await told(rival)).mails).toEqual([]);
  });

  it("after it was cancelled, or of another amount, says that", async () => {
    const cancelled = await bookAny(student, mentor);
    const order = await openOrder(cancelled);
    (await student.call("POST", `/bookings/${cancelled.id}/cancel`)).expect(200);
    provider.pay(order.id);
    const heard = await hear();
    expect(heard.mails).toEqual(["payment_late", "refund_done"]);
    expect(heard.facts("payment_late")).toMatchObject({ why: "unwanted" });
    const other = await bookAny(student, mentor);
    const wrong = await openOrder(other);
    provider.pay(wrong.id, { amount: { ...wrong.amount, minor: 100 as typeof wrong.amount.minor } });
    await refresh(other);
    expect((await hear()).facts("payment_late")).toMatchObject({ why: "wrong_amount", amount: 1 });
  });
});

describe("a refund", () => {
  it("after a cancellation is part of that mail; a second one follows only when the money is back", async () => {
    const session = await bookPaid();
    await hear();
    provider.refundsAtOnce = false;
    const { refund_now } = await readPayment(session);
    (await student.call("POST", `/bookings/${session.id}/cancel`)).expect(200);
    const soon = await hear();
    expect(soon.mails).toEqual(["booking_booked", "payment_received", "booking_cancelled"]);
    expect(soon.facts("booking_cancelled")?.money).toEqual({
      state: "refunding",
      amount: refund_now,
      currency: "INR",
    });
    expect((await told(mentor)).facts("booking_cancelled")).not.toHaveProperty("money");
    provider.settleRefunds("done");
    await refresh(session);
    const late = await hear();
    expect(late.mails.slice(3)).toEqual(["refund_done"]);
    const [note] = await rows<{ id: string }>(
      "select id from documents where user_id = $1 and kind = 'credit_note'",
      student.id,
    );
    expect(late.facts("refund_done")).toMatchObject({ amount: refund_now, document_id: note?.id });
    expect((await told(mentor)).mails).toEqual(["booking_booked", "booking_cancelled"]);
  });

  it("that the policy does not give is not promised", async () => {
    const session = await bookPaid();
    await hear();
    await shift(
      "update bookings set starts_at = now() + interval '1 hour', ends_at = now() + interval '2 hours' where id = $1",
      session.id,
    );
    (await student.call("POST", `/bookings/${session.id}/cancel`)).expect(200);
    const heard = await hear();
    expect(heard.mails).toEqual(["booking_booked", "payment_received", "booking_cancelled"]);
    expect(heard.facts("booking_cancelled")).toMatchObject({ money: { state: "kept" } });
  });

  it("that fails is told to the student, and that it was repeated is not", async () => {
    const session = await bookPaid();
    await hear();
    provider.refundsAtOnce = false;
    (await mentor.call("POST", `/bookings/${session.id}/cancel`)).expect(200);
    await hear();
    provider.settleRefunds("failed");
    await refresh(session);
    const heard = await hear();
    expect(heard.mails.slice(2)).toEqual(["booking_cancelled", "refund_failed"]);
    expect(heard.facts("booking_cancelled")).toMatchObject({ money: { state: "refunding" } });
  });

  it("for a session that its mentor missed has a message of its own", async () => {
    const session = await bookPaid();
    const [known] = await rows<{ id: string; accepted_attempt_id: string }>(
      "select id, accepted_attempt_id from payments where booking_id = $1",
      session.id,
    );
    await rows(
      "select private.request_refund($1, $2, $3, 5000, 'no_show')",
      mentor.id,
      known?.id,
      known?.accepted_attempt_id,
    );
    await notifyOfEvents({ database: test.db.database, now: systemClock });
    const heard = await told(student);
    expect(heard.mails).toEqual(["booking_booked", "payment_received", "refund_requested"]);
    expect(heard.facts("refund_requested")).toMatchObject({ why: "no_show", amount: 50 });
  });
});

describe("a session that the mentor approves", () => {
  async function requested() {
    mentor = await test.makeMentor({ name: "Asha Rao", settings: { instant_confirm: false } });
    const [slot] = await readSlots(student.call, mentor);
    const held = (await student.call("POST", "/bookings", bookingOf(mentor, slot?.starts_at ?? "")))
      .expect(201)
      .read(booking);
    provider.pay((await openOrder(held)).id);
    await refresh(held);
    return held;
  }

  it("has one mail for request and reservation, and one for the reply and the end of the reservation", async () => {
    const held = await requested();
    const heard = await hear();
    expect(heard).toMatchObject({ mails: ["booking_requested"], inbox: ["payment_authorized"] });
    expect(heard.facts("booking_requested")?.money).toEqual({
      state: "reserved",
      amount: held.total_amount,
      currency: "INR",
    });
    (await mentor.call("POST", `/bookings/${held.id}/decline`)).expect(200);
    const after = await hear();
    expect(after.mails).toEqual(["booking_requested", "booking_declined"]);
    expect(after.inbox).toEqual(["payment_authorized", "booking_declined", "payment_released"]);
    expect(after.facts("booking_declined")).toMatchObject({ money: { state: "released" } });
  });

  it("is charged when confirmed, with a receipt", async () => {
    const held = await requested();
    await hear();
    (await mentor.call("POST", `/bookings/${held.id}/confirm`)).expect(200);
    const heard = await hear();
    expect(heard.mails).toEqual(["booking_requested", "booking_confirmed", "payment_received"]);
    expect(["charging", "paid"]).toContain(
      (heard.facts("booking_confirmed")?.money as { state: string } | undefined)?.state,
    );
  });
});

describe("the mentor", () => {
  it("hears of a dispute and its end; the student does not", async () => {
    const session = await bookPaid();
    await hear();
    const order = provider.orderOf((await readPayment(session)).id);
    for (const dispute of ["open", "lost"] as const) {
      if (order.attempts[0]) order.attempts[0].dispute = dispute;
      await refresh(session);
      await hear();
    }
    expect((await told(mentor)).mails).toEqual(["booking_booked", "dispute_opened", "dispute_lost"]);
    expect((await told(student)).mails).toEqual(["booking_booked", "payment_received"]);
  });

  it("hears once a day what was earned, at nine in the morning", async () => {
    const sessions = [await bookPaid(), await bookPaid(), await bookPaid()];
    await hear();
    await shift(
      `update bookings set status = 'completed', starts_at = now() - interval '5 days',
         ends_at = now() - interval '5 days' + duration * interval '1 minute' where expert_id = $1`,
      mentor.id,
    );
    await rows("update payments set due_at = now() where expert_id = $1", mentor.id);
    await rows("select private.earn_payments($1, 10)", mentor.id);
    const mailsOf = async () => (await hear(mentor)).mails.filter((kind) => kind === "earned");
    expect(await mailsOf()).toEqual([]);
    const [due] = await rows<{ clock: string; days: number }>(
      `select to_char(private.wall_clock(notify_at, p.timezone), 'HH24:MI') as clock, count(*)::integer as days
       from money_events e join expert_profiles p on p.id = e.expert_id
       where e.kind = 'earned' and e.expert_id = $1 and notify_at > now() group by notify_at, p.timezone`,
      mentor.id,
    );
    expect(due).toEqual({ clock: "09:00", days: 3 });
    await rows(
      "update money_events set notify_at = now() where kind = 'earned' and expert_id = $1",
      mentor.id,
    );
    expect(await mailsOf()).toEqual(["earned"]);
    const heard = await told(mentor);
    expect(heard.facts("earned")).toEqual({
      role: "mentor",
      mentor_username: expect.any(String),
      amount: sessions.reduce((sum, { total_amount }) => sum + total_amount, 0) * 0.9,
      currency: "INR",
      count: 3,
    });
    expect(heard.inbox.filter((kind) => kind === "earned")).toEqual(["earned"]);
  });
});

describe("mails about money", () => {
  it("reach their people, and link to the receipt", async () => {
    await sendMails(test.db, smtp);
    await bookPaid();
    await hear();
    const before = smtp.received.length;
    await sendMails(test.db, smtp);
    const mails = smtp.received.slice(before);
    expect(mails.flatMap(({ to }) => to).sort()).toEqual([student.email, student.email, mentor.email].sort());
    const receipt = mails.find(({ mail }) => mail.subject?.startsWith("Receipt"))?.mail.text;
    expect(receipt).toContain("/payments?document=");
    const booked = mails.find(
      ({ to, mail }) => to[0] === student.email && mail.subject?.startsWith("Booked"),
    );
    expect(booked?.mail.text).toMatch(/You paid ₹[\d,]+\. Cancel until 24 hours before for a full refund/);
  });
});
