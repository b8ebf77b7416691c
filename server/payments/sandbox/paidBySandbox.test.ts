import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Booking, booking } from "#contract/bookings.ts";
import { checkout, payment } from "#contract/payments.ts";
import { bookAny, letLapse } from "../../testing/booking.ts";
import { freePort } from "../../testing/freePort.ts";
import { runJobs } from "../../testing/jobs.ts";
import { type Mentor, openTestApp, type Person, type TestApp } from "../../testing/testApp.ts";
import type { WebhookManner } from "./sandboxOrders.ts";

// The whole way: a booking, the sandbox's page, its webhooks over HTTP, and what the app makes of them.

let test: TestApp;
let mentor: Mentor;
let approving: Mentor;
let student: Person;
beforeAll(async () => {
  const port = await freePort("127.0.0.1");
  test = await openTestApp({ payments: "sandbox", publicUrl: `http://127.0.0.1:${port}` });
  await test.app.listen({ host: "127.0.0.1", port });
  mentor = await test.makeMentor({ settings: { instant_confirm: true } });
  approving = await test.makeMentor({ settings: { instant_confirm: false } });
  [student] = (await test.signUpCrowd(1)) as [Person];
});
afterAll(() => test.close());

const read = async ({ id }: Pick<Booking, "id">) =>
  (await student.call("GET", `/bookings/${id}`)).expect(200).read(booking);
const readPayment = async ({ id }: Pick<Booking, "id">) =>
  (await student.call("GET", `/bookings/${id}/payment`)).expect(200).read(payment);
const work = () => runJobs(test.db, { provider: test.sandbox });
async function workThrough(): Promise<void> {
  for (let round = 0; round < 3; round++) {
    await test.db.owner.query(
      "update graphile_worker._private_jobs set run_at = now() where payload ->> 'order_id' is not null",
    );
    await work();
  }
}
async function openPage(held: Booking): Promise<string> {
  const opened = (await student.call("POST", `/bookings/${held.id}/payment/checkout`))
    .expect(200)
    .read(checkout);
  if (opened.provider !== "sandbox") throw new Error(opened.provider);
  expect((await test.visitor("GET", opened.url)).expect(200).text).toContain("Not real money");
  return opened.url;
}
const act = async (url: string, action: string, webhooks: WebhookManner = "normal") =>
  (await test.visitor("POST", `${url}/actions`, { action, webhooks })).expect(303);
const lapse = (held: Booking) => letLapse(test.db, held);

describe("a booking that is paid on the sandbox's page", () => {
  it.each<WebhookManner>(["normal", "late", "twice", "out_of_order"])(
    "is confirmed by webhooks alone, sent in the manner %s",
    async (manner) => {
      const held = await bookAny(student, mentor);
      await act(await openPage(held), "pay_card", manner);
      await workThrough();
      expect(await read(held)).toMatchObject({ status: "confirmed", payment_status: "completed" });
      const { rows } = await test.db.owner.query<{ count: string }>(
        "select count(*) from private.ledger_transfers where to_kind = 'escrow' and to_owner = $1",
        [held.id],
      );
      expect(Number(rows[0]?.count)).toBe(1);
    },
  );

  it("is not confirmed without webhooks until the app asks: the twin", async () => {
    const held = await bookAny(student, mentor);
    await act(await openPage(held), "pay_upi", "none");
    await workThrough();
    expect(await read(held)).toMatchObject({ status: "pending", payment_status: "pending" });
    (await student.call("POST", `/bookings/${held.id}/payment/refresh`)).expect(200);
    expect(await read(held)).toMatchObject({ status: "confirmed", payment_status: "completed" });
  });

  it("can fail first", async () => {
    const held = await bookAny(student, mentor);
    const url = await openPage(held);
    await act(url, "fail");
    await workThrough();
    expect(await readPayment(held)).toMatchObject({
      payment_status: "failed",
      failure: "The bank declined the payment.",
    });
    await act(url, "pay_upi");
    await workThrough();
    expect(await read(held)).toMatchObject({ status: "confirmed" });
  });

  it("is paid once if it is paid twice, and the rest goes back", async () => {
    const held = await bookAny(student, mentor);
    const url = await openPage(held);
    await act(url, "pay_twice");
    await workThrough();
    expect(await readPayment(held)).toMatchObject({ payment_status: "completed" });
    const order = await test.sandbox?.payer.find(url.split("/").at(-1) ?? "");
    const refunds = order?.attempts.map(({ refunds }) => refunds.map(({ state }) => state));
    expect(refunds?.toSorted()).toEqual([[], ["done"]]);
  });

  it("is taken back by a payment that is too late, while its time is free", async () => {
    const held = await bookAny(student, mentor);
    const url = await openPage(held);
    await act(url, "pay_later");
    await lapse(held);
    await work();
    expect(await read(held)).toMatchObject({ status: "cancelled" });
    await test.db.owner.query(
      "update graphile_worker._private_jobs set run_at = now() where payload ->> 'attempt_id' is not null",
    );
    await workThrough();
    expect(await read(held)).toMatchObject({ status: "confirmed", payment_status: "completed" });
  });

  it("is refunded when it is cancelled", async () => {
    const held = await bookAny(student, mentor);
    await act(await openPage(held), "pay_upi");
    await workThrough();
    (await mentor.call("POST", `/bookings/${held.id}/cancel`, { reason: "I am ill." })).expect(200);
    await workThrough();
    expect(await read(held)).toMatchObject({ status: "cancelled", payment_status: "refunded" });
  });

  it("is charged when the mentor confirms, or released when they decline", async () => {
    for (const [step, state] of [
      ["confirm", "captured"],
      ["decline", "released"],
    ] as const) {
      const held = await bookAny(student, approving);
      const url = await openPage(held);
      await act(url, "pay_card");
      await workThrough();
      expect(await read(held)).toMatchObject({ status: "pending", awaits_payment: false });
      (await approving.call("POST", `/bookings/${held.id}/${step}`, {})).expect(200);
      await workThrough();
      const order = await test.sandbox?.payer.find(url.split("/").at(-1) ?? "");
      expect(order?.attempts).toMatchObject([{ state }]);
    }
  });
});
