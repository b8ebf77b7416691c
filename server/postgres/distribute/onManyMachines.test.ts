import { afterAll, beforeAll, expect, it } from "vitest";
import { booking } from "#contract/bookings.ts";
import { book, moveTo, readSlots } from "../../testing/booking.ts";
import { openTestApp, type TestApp } from "../../testing/testApp.ts";
import { liftCaps, openTestDatabase } from "../../testing/testDatabase.ts";
import { bookingCall } from "./ownParts.ts";

// What the app sends to a distributed database, sent to one machine; `npm run prove -- citus` has the machines.
let test: TestApp;
beforeAll(async () => {
  const db = await openTestDatabase();
  await liftCaps(db);
  for (const statement of bookingCall)
    if (!statement.includes("create_distributed_function")) await db.owner.query(statement);
  // The app has no other way left to book at once.
  await db.owner.query(
    "revoke execute on function private.book_sessions(private.judged_booking[]) from matepeak_app",
  );
  test = await openTestApp({ db });
});
afterAll(() => test.close());

it("a session is booked on its mentor's machine, found, moved and cancelled", async () => {
  const mentor = await test.makeMentor({ settings: { instant_confirm: true } });
  const student = await test.signUp("Meera Nair");
  expect(test.db.database.isDistributed()).toBe(true);
  const [first, second] = await readSlots(test.visitor, mentor);
  const { id } = await book(student, mentor, first?.starts_at ?? "");
  expect((await student.call("GET", `/bookings/${id}`)).read(booking)).toMatchObject({
    starts_at: first?.starts_at,
  });
  const moved = await student.call("POST", `/bookings/${id}/reschedule`, moveTo(mentor, second!.starts_at));
  expect(moved.read(booking)).toMatchObject({ starts_at: second?.starts_at });
  expect((await student.call("POST", `/bookings/${id}/cancel`)).read(booking).status).toBe("cancelled");
  const stranger = await test.signUp("Ravi Iyer");
  (await stranger.call("GET", `/bookings/${id}`)).problem("booking_not_found");
});

it("a transaction has the person's rights alone, as on one machine", async () => {
  const [one] = await test.signUpCrowd(1);
  const { rows } = await test.db.database.asUser(one?.id ?? "", ({ client }) =>
    client.query<{ role: string; person: string }>("select current_user as role, auth.uid() as person"),
  );
  expect(rows).toEqual([{ role: "authenticated", person: one?.id }]);
});

it("a connection on which a statement could not be planned is not used again", async () => {
  const { database } = test.db;
  const [one] = await test.signUpCrowd(1);
  const ask = (text: string) =>
    database.asUser(one?.id ?? "", ({ client }) => client.query<{ pid: number }>(text));
  const pid = async () => (await ask("select pg_backend_pid() as pid")).rows[0]?.pid;
  const fail = (code: string) => ask(`do $$ begin raise exception 'no' using errcode = '${code}'; end $$`);
  const first = await pid();
  await expect(fail("division_by_zero")).rejects.toThrow("no");
  expect(await pid()).toBe(first);
  await expect(fail("feature_not_supported")).rejects.toThrow("no");
  expect(await pid()).not.toBe(first);
});
