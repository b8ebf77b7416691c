import fc from "fast-check";
import { afterAll, beforeAll, expect, it } from "vitest";
import { moneyOfMinor } from "#rules/money.ts";
import { priceLines } from "#rules/priceLines.ts";
import { asMinutes } from "#scheduling/units.ts";
import { openTestDatabase, type TestDatabase } from "../../server/testing/testDatabase.ts";

let db: TestDatabase;
beforeAll(async () => {
  db = await openTestDatabase();
});
afterAll(() => db.drop());

const rupees = (minor: number) => moneyOfMinor(minor, "INR");
const amount = fc.integer({ min: 0, max: 1_000_000_000 });

it("private.price_lines_of() has the lines of rules/price.ts, and they add up to the price", async () => {
  await fc.assert(
    fc.asyncProperty(
      amount,
      fc.option(amount),
      fc.boolean(),
      fc.option(
        fc.oneof(fc.record({ percent: fc.integer({ min: 100, max: 10_000 }) }), fc.record({ off: amount })),
      ),
      async (session, recording, credit, coupon) => {
        const minutes = asMinutes(60);
        const percent = coupon && "percent" in coupon ? coupon.percent : null;
        const off = coupon && "off" in coupon ? coupon.off : null;
        const expected = priceLines(
          {
            durations: [{ minutes, price: rupees(session) }],
            recordingPrice: recording === null ? null : rupees(recording),
          },
          {
            minutes,
            addRecording: recording !== null,
            credit,
            ...(percent === null ? {} : { coupon: { kind: "percentage", basisPoints: percent } }),
            ...(off === null ? {} : { coupon: { kind: "amount", amount: rupees(off) } }),
          },
        );
        const { rows } = await db.owner.query(
          `select l as lines, private.sum_of_lines(l)::bigint as total
           from private.price_lines_of($1, $2, $3, $4, $5) l`,
          [session, recording, credit, percent, off],
        );
        if (!expected.ok) throw new Error("There is a price.");
        expect(rows[0].lines).toEqual(
          expected.lines.map(({ kind, amount: { minor } }) => ({ kind, amount_minor: minor + 0 })),
        );
        expect(Number(rows[0].total)).toBe(expected.total.minor);
      },
    ),
    { numRuns: 200 },
  );
});

it("twin: lines that do not add up to the total are rejected", async () => {
  const { rows } = await db.owner.query(
    `select private.sum_of_lines('[{"kind":"session","amount_minor":2000},{"kind":"coupon","amount_minor":-500}]') = 1999 as ok`,
  );
  expect(rows[0].ok).toBe(false);
});
