import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { numberLimits } from "#rules/limits.ts";
import { addMoney, currencies, decimalOf, type Money, moneyOf, moneyOfMinor } from "#rules/money.ts";
import { openTestDatabase, type TestDatabase } from "../../server/testing/testDatabase.ts";
import { bookingRequest, insertInto, personalService, plantWorld } from "./world.ts";

let db: TestDatabase;
beforeAll(async () => {
  db = await openTestDatabase();
  await plantWorld(db.owner);
});
afterAll(() => db.drop());

const highest = moneyOf(numberLimits.price.max, "INR").minor;
/** An allowed price; the smallest and the largest ones more often than by chance. */
const anyPrice = fc
  .oneof(
    fc.integer({ min: 0, max: highest }),
    fc.integer({ min: 0, max: 200 }),
    fc.integer({ min: highest - 200, max: highest }),
  )
  .map((minor) => moneyOfMinor(minor, "INR"));

const prices = (count: number, seed: number) => fc.sample(anyPrice, { numRuns: count, seed });

/** Books an hour with a recording at these prices and rolls it back. */
async function amountsOf(price: Money, recording: Money) {
  await db.owner.query("savepoint priced");
  await db.owner.query(
    `with length as (update public.service_durations set price_minor = $2 where service_id = $1 and minutes = 60)
     update public.services set recording_price_minor = $3 where id = $1`,
    [personalService, price.minor, recording.minor],
  );
  const { text, values } = insertInto("public.bookings", bookingRequest({ add_recording: true }));
  const { rows } = await db.owner.query<{ total_minor: number; total_amount: number; currency: string }>(
    `${text} returning total_minor, total_amount, currency`,
    values,
  );
  await db.owner.query("rollback to savepoint priced");
  return rows[0]!;
}

describe("the two amounts of a booking", () => {
  it("are what rules/money.ts makes of the prices, for every allowed price", async () => {
    await db.owner.query("begin");
    const recordings = prices(150, 2);
    for (const [index, price] of prices(150, 1).entries()) {
      const sum = addMoney(price, recordings[index]!);
      const { total_minor, total_amount, currency } = await amountsOf(price, recordings[index]!);
      expect(moneyOfMinor(total_minor, currency)).toEqual(sum);
      expect(total_amount).toBe(decimalOf(sum));
      expect(moneyOf(total_amount, currency)).toEqual(sum);
    }
    await db.owner.query("rollback");
  });

  /** Asks the table's own constraint about pairs of amounts. Returns how many it accepts. */
  async function countAccepted(pairs: readonly (readonly [minor: number, decimal: string])[]) {
    const { rows } = await db.owner.query<{ expression: string }>(
      `select pg_get_expr(conbin, conrelid) as expression from pg_constraint
       where conname = 'bookings_total_amount_is_total'`,
    );
    const { rows: counted } = await db.owner.query<{ accepted: number }>(
      `select count(*)::int as accepted from unnest($1::bigint[], $2::numeric[]) pairs (total_minor, total_amount)
       where ${rows[0]?.expression}`,
      [pairs.map(([minor]) => minor), pairs.map(([, decimal]) => decimal)],
    );
    return counted[0]?.accepted;
  }

  it("agree to the constraint exactly when they do to rules/money.ts", async () => {
    const sums = prices(5000, 3).map((price, index) => addMoney(price, prices(1, index)[0]!));
    const decimals = sums.map((sum) => String(decimalOf(sum)));
    expect(await countAccepted(sums.map(({ minor }, index) => [minor, decimals[index]!]))).toBe(5000);
    expect(await countAccepted(sums.map(({ minor }, index) => [minor + 1, decimals[index]!]))).toBe(0);
  });

  it("that differ are rejected, also from the owner", async () => {
    await db.owner.query("begin");
    const { text, values } = insertInto("public.bookings", bookingRequest());
    await db.owner.query(text, values);
    await expect(
      db.owner.query("update public.bookings set total_amount = total_amount + 0.01"),
    ).rejects.toMatchObject({ constraint: "bookings_total_amount_is_total" });
    await db.owner.query("rollback");
  });

  it("twin: a trigger that divides by something else books nothing", async () => {
    await db.owner.query("begin");
    await db.owner.query(`do $$ begin execute replace(
      pg_get_functiondef('private.prepare_booking'::regproc), '/ 100.00', '/ 1000.00'); end $$`);
    const { text, values } = insertInto("public.bookings", bookingRequest());
    await expect(db.owner.query(text, values)).rejects.toMatchObject({
      constraint: "bookings_total_amount_is_total",
    });
    await db.owner.query("rollback");
  });
});

it("a service in a currency that rules/money.ts does not know is rejected", async () => {
  for (const currency of ["USD", "inr", ""]) {
    expect(currencies).not.toContain(currency);
    await expect(
      db.owner.query("update public.services set currency = $1", [currency]),
    ).rejects.toMatchObject({ constraint: "services_currency_known" });
  }
});
