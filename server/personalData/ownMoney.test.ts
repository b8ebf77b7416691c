import { afterAll, beforeAll, expect, it } from "vitest";
import { payment } from "#contract/payments.ts";
import { bookAny } from "../testing/booking.ts";
import { runJobs } from "../testing/jobs.ts";
import { openTestProvider } from "../testing/paymentProvider.ts";
import { type Mentor, openTestApp, type Person, type TestApp } from "../testing/testApp.ts";

let test: TestApp;
let mentor: Mentor;
let student: Person;
beforeAll(async () => {
  const provider = openTestProvider();
  test = await openTestApp({ payments: { provider, collecting: { feeBasisPoints: 1_000 } } });
  mentor = await test.makeMentor({ settings: { instant_confirm: true } });
  student = await test.signUp("Asha Devi");
  const { id } = await bookAny(student, mentor);
  (await student.call("POST", `/bookings/${id}/payment/checkout`)).expect(200);
  const { id: paymentId } = (await student.call("GET", `/bookings/${id}/payment`)).read(payment);
  provider.fail(provider.orderOf(paymentId).id, "Asha has no money.");
  provider.pay(provider.orderOf(paymentId).id);
  (await student.call("POST", `/bookings/${id}/payment/refresh`)).expect(200);
  (await student.call("POST", `/bookings/${id}/cancel`)).expect(200);
  await runJobs(test.db, { provider });
});
afterAll(() => test.close());

type Data = Record<string, Record<string, unknown>[]>;
const dataOf = async (person: Person) => (await person.call("GET", "/me/data")).expect(200).json as Data;

it("the student's download has the payment, its attempts, its refund and its documents", async () => {
  const data = await dataOf(student);
  expect(data.payments).toMatchObject([{ amount_minor: 200_000, currency: "INR" }]);
  expect(data.payment_attempts).toHaveLength(2);
  expect(data.refunds).toMatchObject([{ amount_minor: 200_000, state: "done" }]);
  expect(data.documents?.length).toBeGreaterThan(0);
  expect(data.earnings).toEqual([]);
});

it("the mentor's has the payment and the refund, and not what the student's bank has said", async () => {
  const data = await dataOf(mentor);
  expect(data.payments).toHaveLength(1);
  expect(data.refunds).toHaveLength(1);
  expect(data.payment_attempts).toEqual([]);
  expect(JSON.stringify(data)).not.toContain("Asha has no money.");
  expect(JSON.stringify(data)).not.toContain(student.email);
});

it("another person's has none of it", async () => {
  const data = await dataOf(await test.signUp("Someone Else"));
  for (const table of ["payments", "payment_attempts", "refunds", "payment_history", "documents", "earnings"])
    expect([table, data[table]]).toEqual([table, []]);
});
