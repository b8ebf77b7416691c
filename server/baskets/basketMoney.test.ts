import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { type Basket, basket } from "#contract/baskets.ts";
import { type Booking, booking } from "#contract/bookings.ts";
import { documentPage } from "#contract/documents.ts";
import { notificationPage } from "#contract/notifications.ts";
import { purchaseList } from "#contract/offers.ts";
import { checkout, payment, paymentPage } from "#contract/payments.ts";
import { type Series, series } from "#contract/series.ts";
import { service } from "#contract/services.ts";
import { moneyOfMinor } from "#rules/money.ts";
import { book, bookingOf, letEnd, letRunOut } from "../testing/booking.ts";
import { runJobs } from "../testing/jobs.ts";
import { ledgerFaults } from "../testing/ledger.ts";
import { sendMails } from "../testing/mail.ts";
import { moneyFaults } from "../testing/moneyFaults.ts";
import { buyPackage } from "../testing/packages.ts";
import { openTestProvider, type TestProvider } from "../testing/paymentProvider.ts";
import { openSmtpServer } from "../testing/smtpServer.ts";
import { type Mentor, openTestApp, type Person, type TestApp } from "../testing/testApp.ts";
import {
  basketOf,
  bookBasket,
  bookSeries,
  seriesOf,
  startsOfDay,
  weeklyStarts,
} from "../testing/together.ts";

let test: TestApp;
let provider: TestProvider;
let mentor: Mentor;
let student: Person;
let rival: Person;
beforeAll(async () => {
  provider = openTestProvider();
  test = await openTestApp({ payments: { provider, collecting: { feeBasisPoints: 1_000 } } });
  [student, rival] = (await test.signUpCrowd(2)) as [Person, Person];
});
afterAll(async () => {
  expect(await moneyFaults(test.db.owner)).toEqual([]);
  expect(await ledgerFaults(test.db.owner)).toEqual([]);
  await test.close();
});
beforeEach(async () => {
  provider.faults.clear();
  provider.refundsAtOnce = true;
  mentor = await test.makeMentor({
    settings: { instant_confirm: true, booking_window_days: 365 },
    services: [{ durations: [{ minutes: 60, price: 333.33 }], refund_full_cutoff: 1440 }],
  });
});

const rows = async <Row>(text: string, ...values: unknown[]) =>
  (await test.db.owner.query(text, values)).rows as Row[];
const run = () => runJobs(test.db, { provider });
const read = async ({ id }: Pick<Basket, "id">, who = student) =>
  (await who.call("GET", `/baskets/${id}`)).expect(200).read(basket);
const readSeries = async ({ id }: Pick<Series, "id">, who = student) =>
  (await who.call("GET", `/series/${id}`)).expect(200).read(series);
const paymentOf = async ({ id }: Pick<Booking, "id">) =>
  (await student.call("GET", `/bookings/${id}/payment`)).expect(200).read(payment);
const refresh = async ({ id }: Pick<Booking, "id">) =>
  (await student.call("POST", `/bookings/${id}/payment/refresh`)).expect(200).read(payment);
/** The order that any booking of a basket is paid with. */
async function openOrder({ id }: Pick<Booking, "id">) {
  (await student.call("POST", `/bookings/${id}/payment/checkout`)).expect(200).read(checkout);
  const [paid] = await rows<{ id: string }>(
    `select coalesce(w.id, p.id) as id from payments p
       left join payments w on w.basket_id = p.basket_id and w.booking_id is null where p.booking_id = $1`,
    id,
  );
  return provider.orderOf(paid?.id ?? "");
}
async function pay(made: Pick<Basket, "id" | "bookings">): Promise<string> {
  const [first] = made.bookings;
  if (!first) throw new Error("The basket is empty.");
  const order = await openOrder(first);
  provider.pay(order.id);
  await refresh(first);
  return order.id;
}
const escrow = async ({ expert_id }: Pick<Basket, "expert_id">) => {
  const found = await rows<{ kind: string; sum: number }>(
    `select kind, sum(balance_minor)::bigint as sum from private.ledger_accounts
     where expert_id = $1 and balance_minor > 0 group by kind order by kind`,
    expert_id,
  );
  return Object.fromEntries(found.map(({ kind, sum }) => [kind, sum]));
};
const cancel = (who: Person, { id }: Pick<Booking, "id">) => who.call("POST", `/bookings/${id}/cancel`);
const faults = async () =>
  rows<{ id: string; faults: string[] }>(
    `select p.id, private.book_faults(p.expert_id, p.id) as faults from payments p
     where cardinality(private.book_faults(p.expert_id, p.id)) > 0`,
  );

const escaped = (text: string) => text.replaceAll("?", "\\?");

describe("a paid basket", () => {
  it("is held and paid as a whole, and each session has its price in escrow and a receipt", async () => {
    const made = await bookBasket(student, mentor, await startsOfDay(student, mentor, 3));
    expect(made).toMatchObject({ payment_status: "pending", total_amount: 999.99 });
    expect(made.held_until).not.toBeNull();
    const [first, second] = made.bookings as [Booking, Booking, Booking];
    const order = await openOrder(first);
    expect(order.amount.minor).toBe(99_999);
    expect((await openOrder(second)).id).toBe(order.id);
    expect(await paymentOf(second)).toMatchObject({
      amount: 333.33,
      basket: { id: made.id, amount: 999.99, sessions: 3 },
    });
    provider.fail(order.id, "Insufficient funds");
    expect(await refresh(second)).toMatchObject({ payment_status: "failed", failure: "Insufficient funds" });
    provider.pay(order.id);
    expect(await refresh(second)).toMatchObject({ payment_status: "completed", state: "captured" });
    expect((await read(made)).bookings.map(({ status, payment_status }) => [status, payment_status])).toEqual(
      made.bookings.map(() => ["confirmed", "completed"]),
    );
    expect(await read(made)).toMatchObject({ payment_status: "completed", held_until: null });
    expect(await escrow(made)).toEqual({ escrow: 99_999 });
    const papers = (await student.call("GET", "/documents")).read(documentPage).data;
    expect(papers.filter(({ kind }) => kind === "receipt").length).toBe(3);
    const paid = (await student.call("GET", "/payments")).read(paymentPage).data;
    expect(paid.filter(({ booking_id }) => made.bookings.some(({ id }) => id === booking_id)).length).toBe(3);
    expect(await faults()).toEqual([]);
    // A second answer of the provider changes nothing.
    await refresh(first);
    expect(await escrow(made)).toEqual({ escrow: 99_999 });
  });

  it.each([
    ["times", "/sessions"],
    ["a series", "/sessions/<series>?series"],
  ])("of %s tells each of the two once, with a link to all of them", async (what, page) => {
    const smtp = await openSmtpServer();
    await sendMails(test.db, smtp);
    const person = await test.signUp("Told");
    const before = student;
    student = person;
    const made =
      what === "times"
        ? await bookBasket(person, mentor, await startsOfDay(person, mentor, 3))
        : await bookSeries(person, mentor, await weeklyStarts(person, mentor, 3));
    const bookings = "sessions" in made ? made.sessions : made.bookings;
    await pay({ id: made.id, bookings });
    student = before;
    await run();
    const kinds = async (who: Person) =>
      (await who.call("GET", "/notifications")).read(notificationPage).data;
    expect((await kinds(mentor)).map(({ kind }) => kind)).toEqual(["series_booked"]);
    const [received, ...others] = await kinds(person);
    expect([received?.kind, others.length]).toEqual(["payment_received", 0]);
    const series_id = bookings[0]?.series_id ?? undefined;
    expect(received?.facts).toMatchObject({ amount: 999.99, together: 3, ...(series_id && { series_id }) });
    expect("series_id" in (received?.facts ?? {})).toBe(what === "a series");
    await sendMails(test.db, smtp);
    const receipt = smtp.received.find(({ mail }) => mail.subject?.startsWith("Receipt"))?.mail;
    expect(receipt?.subject).toContain("₹999.99 for 3 sessions of");
    expect(receipt?.text).toMatch(
      new RegExp(`See the sessions: [^ ]*${escaped(page.replace("<series>", series_id ?? ""))}$`, "m"),
    );
    await smtp.close();
  });

  it("of several services names all of them", async () => {
    const sent = {
      session_type: "oneOnOneSession",
      title: "CV review",
      durations: [{ minutes: 60, price: 100 }],
    };
    const second = (await mentor.call("POST", "/mentors/me/services", sent)).expect(201).read(service);
    const starts = await startsOfDay(student, mentor, 2);
    const [first, last] = basketOf(mentor, starts).slots;
    const made = await bookBasket(student, mentor, starts, {
      slots: [first!, { ...last!, service_id: second.id }],
      total_amount: 433.33,
    });
    await pay(made);
    await run();
    const both = `${mentor.services[0]?.title}, CV review`;
    const newest = async (who: Person) =>
      (await who.call("GET", "/notifications")).read(notificationPage).data[0];
    expect(await newest(mentor)).toMatchObject({ kind: "series_booked", facts: { service_title: both } });
    expect(await newest(student)).toMatchObject({ kind: "payment_received", facts: { service_title: both } });
  });

  it("lapses as a whole, and its times are free again", async () => {
    const made = await bookBasket(student, mentor, await startsOfDay(student, mentor, 2));
    await openOrder(made.bookings[0] as Booking);
    // Of one session only: the other one goes with it.
    await letRunOut(test.db, made.bookings[1]?.id ?? "");
    await rows("select private.sweep_mentor($1, 10)", mentor.id);
    expect((await read(made)).bookings.map(({ status }) => status)).toEqual(["cancelled", "cancelled"]);
    for (const { starts_at } of made.bookings)
      (await rival.call("POST", "/bookings", bookingOf(mentor, starts_at))).expect(201);
  });

  it("is given up as a whole", async () => {
    const made = await bookBasket(student, mentor, await startsOfDay(student, mentor, 3));
    (await cancel(student, made.bookings[1] as Booking)).expect(200);
    expect((await read(made)).bookings.map(({ status }) => status)).toEqual(Array(3).fill("cancelled"));
    expect((await paymentOf(made.bookings[2] as Booking)).state).toBe("closed");
  });

  it("has five more minutes for all", async () => {
    const made = await bookBasket(student, mentor, await startsOfDay(student, mentor, 2));
    const [first, second] = made.bookings as [Booking, Booking];
    (await student.call("POST", `/bookings/${first.id}/payment/more-time`)).expect(200);
    const later = (await read(made)).bookings.map(({ expires_at }) => Date.parse(expires_at ?? ""));
    expect(later).toEqual(made.bookings.map(() => Date.parse(first.expires_at ?? "") + 300_000));
    (await student.call("POST", `/bookings/${second.id}/payment/more-time`)).problem("more_time_used");
  });

  it("paid late takes its times again if all of them are free", async () => {
    const made = await bookBasket(student, mentor, await startsOfDay(student, mentor, 2));
    const order = await openOrder(made.bookings[0] as Booking);
    await letRunOut(test.db, made.bookings[0]?.id ?? "");
    await rows("select private.sweep_mentor($1, 10)", mentor.id);
    provider.pay(order.id);
    await refresh(made.bookings[0] as Booking);
    expect((await read(made)).bookings.map(({ status, payment_status }) => [status, payment_status])).toEqual(
      [
        ["confirmed", "completed"],
        ["confirmed", "completed"],
      ],
    );
    expect(await escrow(made)).toEqual({ escrow: 66_666 });
  });

  it("paid late goes back as a whole if one of its times is taken", async () => {
    const made = await bookBasket(student, mentor, await startsOfDay(student, mentor, 2));
    const order = await openOrder(made.bookings[0] as Booking);
    await letRunOut(test.db, made.bookings[0]?.id ?? "");
    await rows("select private.sweep_mentor($1, 10)", mentor.id);
    await book(rival, mentor, made.bookings[1]?.starts_at ?? "");
    provider.pay(order.id);
    await refresh(made.bookings[0] as Booking);
    await run();
    expect((await read(made)).bookings.map(({ status }) => status)).toEqual(["cancelled", "cancelled"]);
    expect(provider.orders.get(order.id)?.attempts.flatMap(({ refunds }) => refunds).length).toBe(1);
    expect(await escrow(made)).toEqual({});
    expect(await read(made)).toMatchObject({ payment_status: "refunded" });
  });

  it("gives back a session by its own policy, and the others stay", async () => {
    const made = await bookBasket(student, mentor, await startsOfDay(student, mentor, 3));
    await pay(made);
    const [first, second, third] = made.bookings as [Booking, Booking, Booking];
    (await cancel(student, first)).expect(200);
    (await cancel(mentor, third)).expect(200);
    await run();
    expect((await read(made)).bookings.map(({ status, payment_status }) => [status, payment_status])).toEqual(
      [
        ["cancelled", "refunded"],
        ["confirmed", "completed"],
        ["cancelled", "refunded"],
      ],
    );
    expect(await escrow(made)).toEqual({ escrow: 33_333 });
    expect((await paymentOf(second)).refund_now).toBe(333.33);
    expect(await faults()).toEqual([]);
    expect(await moneyFaults(test.db.owner)).toEqual([]);
  });

  it("is earned session by session", async () => {
    const made = await bookBasket(student, mentor, await startsOfDay(student, mentor, 2));
    await pay(made);
    const first = made.bookings[0] as Booking;
    await letEnd(test.db, first.id, 99);
    await rows("update payments set due_at = now() where booking_id = $1", first.id);
    (await mentor.call("POST", `/bookings/${first.id}/complete`)).expect(200);
    await rows("select private.earn_payments($1, 10)", mentor.id);
    expect(await escrow(made)).toEqual({ escrow: 33_333, mentor: 30_000 });
    expect(await faults()).toEqual([]);
  });

  it("that was refunded at the provider by hand is taken from the latest sessions", async () => {
    const made = await bookBasket(student, mentor, await startsOfDay(student, mentor, 3));
    const orderId = await pay(made);
    const [attempt] = provider.orders.get(orderId)?.attempts ?? [];
    attempt?.refunds.push({
      id: "by_hand",
      reference: null,
      amount: moneyOfMinor(40_000, "INR"),
      state: "done",
    });
    await refresh(made.bookings[0] as Booking);
    expect((await read(made)).bookings.map(({ payment_status }) => payment_status)).toEqual([
      "completed",
      "partially_refunded",
      "refunded",
    ]);
    expect(await escrow(made)).toEqual({ escrow: 59_999 });
    await refresh(made.bookings[0] as Booking);
    expect(await escrow(made)).toEqual({ escrow: 59_999 });
    expect(await faults()).toEqual([]);
  });

  it("whose payment is disputed and lost gives back what is left of each session", async () => {
    const made = await bookBasket(student, mentor, await startsOfDay(student, mentor, 2));
    const orderId = await pay(made);
    (await cancel(student, made.bookings[0] as Booking)).expect(200);
    await run();
    const [attempt] = provider.orders.get(orderId)?.attempts ?? [];
    if (!attempt) throw new Error("Nothing was paid.");
    attempt.dispute = "open";
    await refresh(made.bookings[1] as Booking);
    attempt.dispute = "lost";
    await refresh(made.bookings[1] as Booking);
    await refresh(made.bookings[1] as Booking);
    expect(await escrow(made)).toEqual({});
    expect(await faults()).toEqual([]);
  });

  it("does not mix what is paid with what is free", async () => {
    const mixed = await test.makeMentor({
      settings: { instant_confirm: true },
      services: [
        {
          durations: [
            { minutes: 60, price: 100 },
            { minutes: 30, price: 0 },
          ],
        },
      ],
    });
    const [one = 0, other = 0] = await startsOfDay(student, mixed, 2);
    const slot = (start: number, duration: number) => ({
      session_type: mixed.services[0]?.session_type,
      duration,
      starts_at: new Date(start).toISOString(),
    });
    const body = { expert_id: mixed.id, slots: [slot(one, 60), slot(other, 30)], total_amount: 100 };
    const { errors } = (await student.call("POST", "/baskets", body)).problem("validation_failed");
    expect(errors?.map(({ field }) => field)).toEqual(["total_amount"]);
  });
});

describe("a paid series", () => {
  it("is paid at once by the payment of any session", async () => {
    const made = await bookSeries(student, mentor, await weeklyStarts(student, mentor, 12));
    expect(made.sessions.every(({ pay_by, status }) => pay_by !== null && status === "pending")).toBe(true);
    await pay({ id: made.basket_id ?? "", bookings: made.sessions });
    const paid = await readSeries(made);
    expect(paid.sessions.map(({ status, pay_by, refund }) => [status, pay_by, refund])).toEqual(
      made.sessions.map(() => ["confirmed", null, 333.33]),
    );
  });

  it("whose sessions are paid one by one keeps the others until a day before each", async () => {
    const made = await bookSeries(student, mentor, await weeklyStarts(student, mentor, 3), {
      payment: "per_session",
    });
    expect(made).toMatchObject({ payment: "per_session", basket_id: null });
    const [first, second, third] = made.sessions as unknown as [Booking, Booking, Booking];
    const order = await openOrder(first);
    expect(order.amount.minor).toBe(33_333);
    provider.pay(order.id);
    await refresh(first);
    const paid = await readSeries(made);
    expect(paid.sessions.map(({ status }) => status)).toEqual(["confirmed", "pending", "pending"]);
    expect(paid.sessions.map(({ pay_by }) => pay_by && Date.parse(pay_by))).toEqual([
      null,
      Date.parse(second.starts_at) - 86_400_000,
      Date.parse(third.starts_at) - 86_400_000,
    ]);
    await run();
    const told = async (who: Person) =>
      (await who.call("GET", "/notifications"))
        .read(notificationPage)
        .data.filter(({ booking_id }) => made.sessions.some(({ id }) => id === booking_id));
    expect(
      (await told(mentor)).map(({ kind, facts }) => [kind, "sessions" in facts && facts.sessions]),
    ).toEqual([["series_booked", 3]]);
    // Three days before, the student is asked for the second one.
    await letEnd(test.db, second.id, -73);
    await rows("set session_replication_role = replica");
    await rows(
      "update money_events e set notify_at = b.starts_at - interval '72 hours' from bookings b where e.kind = 'due' and b.id = e.booking_id and b.id = $1",
      second.id,
    );
    await rows("reset session_replication_role");
    await run();
    expect((await told(student)).map(({ kind }) => kind)).toContain("payment_due");
    // Nothing is paid: a day before it lapses, and both are told.
    await letRunOut(test.db, second.id);
    await rows("select private.sweep_mentor($1, 10)", mentor.id);
    await run();
    expect((await readSeries(made)).sessions.map(({ status }) => status)).toEqual([
      "confirmed",
      "cancelled",
      "pending",
    ]);
    for (const who of [student, mentor])
      expect((await told(who)).map(({ kind }) => kind)).toContain("series_lapsed");
    // The third one is paid in time.
    provider.pay((await openOrder(third)).id);
    await refresh(third);
    expect((await readSeries(made)).sessions[2]).toMatchObject({ status: "confirmed", pay_by: null });
  });

  it("is not booked at all if its first session is not paid", async () => {
    const made = await bookSeries(student, mentor, await weeklyStarts(student, mentor, 3), {
      payment: "per_session",
    });
    await letRunOut(test.db, made.sessions[0]?.id ?? "");
    await rows("select private.sweep_mentor($1, 10)", mentor.id);
    expect((await readSeries(made)).sessions.map(({ status }) => status)).toEqual(Array(3).fill("cancelled"));
  });

  it("cannot be paid one by one where the mentor approves first", async () => {
    const shy = await test.makeMentor({
      settings: { instant_confirm: false, booking_window_days: 90 },
      services: [{ durations: [{ minutes: 60, price: 100 }] }],
    });
    const starts = await weeklyStarts(student, shy, 2);
    const body = seriesOf(shy, starts, { payment: "per_session" });
    const { errors } = (await student.call("POST", "/series", body)).problem("validation_failed");
    expect(errors?.map(({ field }) => field)).toEqual(["payment"]);
    // At once it can: everything goes back for what the mentor declines.
    const made = await bookSeries(student, shy, starts);
    await pay({ id: made.basket_id ?? "", bookings: made.sessions });
    expect((await readSeries(made)).sessions.map(({ status }) => status)).toEqual(["pending", "pending"]);
    (await shy.call("POST", `/bookings/${made.sessions[0]?.id}/decline`)).expect(200).read(booking);
    (await shy.call("POST", `/bookings/${made.sessions[1]?.id}/confirm`)).expect(200).read(booking);
    await run();
    expect(
      (await readSeries(made)).sessions.map(({ status, payment_status }) => [status, payment_status]),
    ).toEqual([
      ["cancelled", "refunded"],
      ["confirmed", "completed"],
    ]);
  });

  it("is paid with the sessions of a package, which come back by each session's terms", async () => {
    const bought = await buyPackage(provider, student, mentor, { sessions: 5, price: 1000 });
    const left = async () =>
      (await student.call("GET", "/me/packages")).read(purchaseList).data.find(({ id }) => id === bought.id)
        ?.sessions_left;
    const starts = await weeklyStarts(student, mentor, 4);
    const wishes = { payment: "credits", package_purchase_id: bought.id, total_amount: 0 } as const;
    const made = await bookSeries(student, mentor, starts, wishes);
    expect(made).toMatchObject({ payment: "credits", basket_id: null });
    expect(made.sessions.map(({ status, returns_credit }) => [status, returns_credit])).toEqual(
      starts.map(() => ["confirmed", true]),
    );
    expect(await left()).toBe(1);
    const more = seriesOf(mentor, await weeklyStarts(student, mentor, 2, { hours: 3 }), wishes);
    const { errors } = (await student.call("POST", "/series", more)).problem("package_not_usable");
    expect(errors?.map(({ field }) => field)).toEqual(["package_purchase_id"]);
    (await student.call("POST", `/series/${made.id}/cancel`, { from_place: 3 })).expect(200);
    expect(await left()).toBe(3);
  });

  it("cannot be opened with another sum than that of its sessions", async () => {
    const made = await bookSeries(student, mentor, await weeklyStarts(student, mentor, 2));
    await expect(
      test.db.database.asSystem("a wrong sum", student.id, async ({ client }) => {
        const { rows: wrong } = await client.query<{ id: string }>(
          "insert into baskets (expert_id, user_id, total_minor, currency) values ($1, $2, 1, 'INR') returning id",
          [made.expert_id, student.id],
        );
        await client.query("select private.open_basket($1, $2)", [made.expert_id, wrong[0]?.id]);
      }),
    ).rejects.toMatchObject({ constraint: "baskets_total_is_sum" });
  });
});
