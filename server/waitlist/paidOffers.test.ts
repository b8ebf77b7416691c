import { afterAll, beforeAll, beforeEach, expect, it } from "vitest";
import { booking, bookingPage } from "#contract/bookings.ts";
import { checkout, payment } from "#contract/payments.ts";
import { bookingOf, letLapse } from "../testing/booking.ts";
import { openGroup } from "../testing/groups.ts";
import { runJobs } from "../testing/jobs.ts";
import { openTestProvider, type TestProvider } from "../testing/paymentProvider.ts";
import { type Mentor, openTestApp, type Person, type TestApp } from "../testing/testApp.ts";
import {
  accept,
  forGroup,
  forSlot,
  joined,
  letOffersRunOut,
  offerOf,
  openFullDay,
  waitsOf,
} from "./testing/queues.ts";

let test: TestApp;
let provider: TestProvider;
let mentor: Mentor;
let taken: { id: string; starts_at: string };
let holder: Person;
let first: Person;
let second: Person;
beforeAll(async () => {
  provider = openTestProvider();
  test = await openTestApp({ payments: { provider, collecting: { feeBasisPoints: 1_000 } } });
});
beforeEach(async () => {
  [holder, first, second] = (await test.signUpCrowd(3)) as [Person, Person, Person];
  ({ mentor, taken } = await openFullDay(test, holder));
  await pay(holder, taken);
  for (const who of [first, second]) await joined(who, mentor, forSlot(mentor, taken.starts_at));
  (await holder.call("POST", `/bookings/${taken.id}/cancel`)).expect(200);
  await runJobs(test.db, { provider });
});
afterAll(() => test.close());

const bookingsOf = async (who: Person) => (await who.call("GET", "/bookings")).read(bookingPage).data;

async function pay(who: Person, held: { id: string }): Promise<void> {
  (await who.call("POST", `/bookings/${held.id}/payment/checkout`)).expect(200).read(checkout);
  const read = async () => (await who.call("GET", `/bookings/${held.id}/payment`)).expect(200).read(payment);
  provider.pay(provider.orderOf((await read()).id).id);
  (await who.call("POST", `/bookings/${held.id}/payment/refresh`)).expect(200);
}

it("an offer of paid time is accepted when it is paid; until then it is open, and holds the time", async () => {
  const held = (await accept(first)).expect(201).read(booking);
  expect(held).toMatchObject({ status: "pending", awaits_payment: true });
  expect(await offerOf(first)).toMatchObject({ state: "open", booking_id: held.id });
  (await accept(first)).problem("waitlist_offer_closed");
  // Its own time may end while it is being paid.
  await letOffersRunOut(test.db, first);
  (await second.call("POST", "/bookings", bookingOf(mentor, taken.starts_at))).problem("slot_taken");
  await pay(first, held);
  expect(await waitsOf(first)).toMatchObject([{ state: "accepted", offer: { state: "accepted" } }]);
  expect(await waitsOf(second)).toMatchObject([{ state: "waiting", position: 1 }]);
});

it("an offer whose payment lapses does so, too, and the next is asked; money that comes late goes back", async () => {
  const held = (await accept(first)).expect(201).read(booking);
  (await first.call("POST", `/bookings/${held.id}/payment/checkout`)).expect(200);
  const { id } = (await first.call("GET", `/bookings/${held.id}/payment`)).read(payment);
  await letLapse(test.db, held);
  expect(await waitsOf(first)).toMatchObject([{ state: "expired", offer: { state: "lapsed" } }]);
  // The time is kept for the next, not for a late payment.
  provider.pay(provider.orderOf(id).id);
  const late = (await first.call("POST", `/bookings/${held.id}/payment/refresh`)).expect(200).read(payment);
  expect(late.refunds).toHaveLength(1);
  await runJobs(test.db, { provider });
  expect(await offerOf(second)).toMatchObject({ state: "open" });
  await pay(second, (await accept(second)).expect(201).read(booking));
  expect(await waitsOf(second)).toMatchObject([{ state: "accepted" }]);
});

it("a seat that is being paid while its group is cancelled is not booked; the money goes back", async () => {
  const { mentor: host, session, people } = await openGroup(test, { capacity: 2, people: 2 });
  const seats = await Promise.all(people.map(async (who) => (await bookingsOf(who))[0]!));
  for (const [index, who] of people.entries()) await pay(who, seats[index]!);
  const [student] = (await test.signUpCrowd(1)) as [Person];
  await joined(student, host, forGroup(session.id));
  (await people[0]!.call("POST", `/bookings/${seats[0]?.id}/cancel`)).expect(200);
  await runJobs(test.db, { provider });
  const held = (await accept(student)).expect(201).read(booking);
  (await student.call("POST", `/bookings/${held.id}/payment/checkout`)).expect(200);
  const { id } = (await student.call("GET", `/bookings/${held.id}/payment`)).read(payment);
  (await host.call("POST", `/mentors/me/group-sessions/${session.id}/cancel`, {})).expect(200);
  provider.pay(provider.orderOf(id).id);
  const late = (await student.call("POST", `/bookings/${held.id}/payment/refresh`)).expect(200).read(payment);
  expect(late.refunds).toHaveLength(1);
  await runJobs(test.db, { provider });
  expect(await bookingsOf(student)).toMatchObject([{ id: held.id, status: "cancelled" }]);
  expect(await offerOf(student)).toBeUndefined();
});

it("a person who cancels instead of paying has passed", async () => {
  const held = (await accept(first)).expect(201).read(booking);
  (await first.call("POST", `/bookings/${held.id}/cancel`)).expect(200);
  expect(await waitsOf(first)).toMatchObject([{ state: "left", offer: { state: "passed" } }]);
  await runJobs(test.db, { provider });
  expect(await offerOf(second)).toBeDefined();
});
