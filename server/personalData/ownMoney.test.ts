import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { coupon, ownPackage, packagePurchase } from "#contract/offers.ts";
import { payment } from "#contract/payments.ts";
import { deletionPreview } from "#contract/personalData.ts";
import { bookAny, bookingOf, dateIn, readSlots } from "../testing/booking.ts";
import { runJobs } from "../testing/jobs.ts";
import { openTestProvider, type TestProvider } from "../testing/paymentProvider.ts";
import { type Mentor, openTestApp, type Person, password, type TestApp } from "../testing/testApp.ts";

let test: TestApp;
let mentor: Mentor;
let student: Person;
let provider: TestProvider;
beforeAll(async () => {
  provider = openTestProvider();
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

describe("packages", () => {
  let seller: Mentor;
  let buyer: Person;
  let purchase: string;
  let bookingId: string;
  const preview = async (who: Person) =>
    (await who.call("GET", "/me/deletion")).expect(200).read(deletionPreview).unused_packages;
  beforeAll(async () => {
    seller = await test.makeMentor({ name: "Kavya Iyer", settings: { instant_confirm: true } });
    buyer = await test.signUp("Ravi Kumar");
    const terms = {
      service_id: seller.services[0]?.id,
      minutes: 60,
      sessions: 3,
      price: 4000,
      valid_days: 90,
    };
    const offered = (await seller.call("POST", "/mentors/me/packages", terms)).expect(201).read(ownPackage);
    expect(await preview(buyer)).toEqual([]);
    purchase = (await buyer.call("POST", `/packages/${offered.id}/purchases`))
      .expect(201)
      .read(packagePurchase).id;
    // What is not paid is no session.
    expect(await preview(buyer)).toEqual([]);
    (await buyer.call("POST", `/package-purchases/${purchase}/payment/checkout`)).expect(200);
    const { rows } = await test.db.owner.query<{ id: string }>(
      "select id from payments where package_purchase_id = $1",
      [purchase],
    );
    provider.pay(provider.orderOf(rows[0]?.id ?? "").id);
    (await buyer.call("POST", `/package-purchases/${purchase}/payment/refresh`)).expect(200);
    const made = (await seller.call("POST", "/mentors/me/coupons", { code: "ALLOFIT", percent: 100 }))
      .expect(201)
      .read(coupon);
    const slots = await readSlots(buyer.call, seller, { from: dateIn(seller, 3) });
    for (const [index, fields] of [
      { package_purchase_id: purchase, total_amount: 0 },
      { coupon_code: made.code, total_amount: 0 },
    ].entries()) {
      const booked = await buyer.call(
        "POST",
        "/bookings",
        bookingOf(seller, slots[index * 4]?.starts_at ?? "", fields),
      );
      if (index === 0) bookingId = (booked.expect(201).json as { id: string }).id;
      else booked.expect(201);
    }
  });

  it("are in the download of the student and of the mentor, with what is left and what was booked", async () => {
    for (const [who, my_role] of [
      [buyer, "student"],
      [seller, "mentor"],
    ] as const) {
      const data = await dataOf(who);
      expect(data.packages_bought).toEqual([
        expect.objectContaining({
          id: purchase,
          my_role,
          mentor: "Kavya Iyer",
          title: seller.services[0]?.title,
          sessions: 3,
          price_minor: 400_000,
          sessions_left: 2,
          money_left_minor: 266_667,
          state: "active",
        }),
      ]);
      expect(data.package_sessions).toEqual([
        expect.objectContaining({
          package_purchase_id: purchase,
          booking_id: bookingId,
          share_minor: 133_333,
          state: "reserved",
        }),
      ]);
      expect(data.coupons_used).toMatchObject([{ code: "ALLOFIT", given_back_at: null }]);
      expect(data.packages_offered).toHaveLength(my_role === "mentor" ? 1 : 0);
    }
    const zip = await buyer.call("GET", "/me/data.zip");
    for (const file of ["packages_bought.csv", "package_sessions.csv", "coupons_used.csv"])
      expect(zip.expect(200).text).toContain(file);
  });

  it("are in no other person's download", async () => {
    const data = await dataOf(student);
    for (const table of ["packages_bought", "package_sessions", "packages_offered", "coupons_used"])
      expect([table, data[table]]).toEqual([table, []]);
    expect(await preview(student)).toEqual([]);
  });

  it("that are not used up go back when the account is deleted, which is said before", async () => {
    const unused = { sessions: 2, refund: 2666.67, currency: "INR" };
    expect(await preview(buyer)).toEqual([{ my_role: "student", ...unused }]);
    expect(await preview(seller)).toEqual([{ my_role: "mentor", ...unused }]);
    (await buyer.call("POST", "/me/delete", { confirmed: true, password })).expect(202);
    await test.db.owner.query("select private.settle_offers($1, 100)", [seller.id]);
    const { rows } = await test.db.owner.query<{ amount: number }>(
      `select r.amount_minor::int as amount from refunds r join payments p on p.id = r.payment_id
       where p.package_purchase_id = $1 and r.why = 'unused'`,
      [purchase],
    );
    expect(rows).toEqual([{ amount: 266_667 }]);
    expect(await preview(seller)).toEqual([]);
  });
});
