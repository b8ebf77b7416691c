import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { feeOf } from "#rules/fees.ts";
import { numberLimits } from "#rules/limits.ts";
import { moneyOfMinor } from "#rules/money.ts";
import { priceLines, taxContained } from "#rules/priceLines.ts";
import { refundFaults, refundOf } from "#rules/refundPolicy.ts";
import { documentNumber, financialYearOf, isGstin, splitGst } from "#rules/tax.ts";
import { asMinutes, epochMs, formatInstant, MINUTE_MS, parseInstant } from "#scheduling/units.ts";
import { openTestDatabase, type TestDatabase } from "../../server/testing/testDatabase.ts";

let db: TestDatabase;
beforeAll(async () => {
  db = await openTestDatabase();
});
afterAll(() => db.drop());

const inr = (minor: number) => moneyOfMinor(minor, "INR");
/** Up to fifty of the largest prices with recording. */
const largest = numberLimits.price.max * 100 * 2 * 50;
/** The largest that a whole number of JavaScript can be: the most that an amount can ever be. */
const most = Number.MAX_SAFE_INTEGER;
const amount = fc.oneof(
  fc.integer({ min: largest, max: most }),
  fc.integer({ min: most - 300, max: most }),
  fc.integer({ min: 0, max: 300 }),
  fc.integer({ min: 0, max: largest }),
  fc.integer({ min: largest - 300, max: largest }),
);

/** What PostgreSQL makes of each row of arguments. */
async function inSql<Result>(
  call: string,
  columns: string,
  rows: readonly Record<string, unknown>[],
): Promise<Result[]> {
  const answer = await db.owner.query<{ result: Result }>(
    `select ${call} as result from jsonb_to_recordset($1::jsonb) a (${columns}, place integer) order by place`,
    [JSON.stringify(rows.map((row, place) => ({ ...row, place })))],
  );
  return answer.rows.map(({ result }) => result);
}

describe("private.fee_minor", () => {
  const cases = fc.sample(fc.record({ amount, share: fc.integer({ min: 0, max: 10_000 }) }), {
    numRuns: 500,
    seed: 1,
  });
  const ours = cases.map(({ amount, share }) => feeOf(inr(amount), share).minor);
  const columns = "amount bigint, share integer";

  it("is rules/fees.ts", async () => {
    expect(await inSql("private.fee_minor(amount, share)", columns, cases)).toEqual(ours);
  });

  it("twin: rounded down it is not, and in bigint the largest amounts do not fit", async () => {
    const inNumeric = "div(amount::numeric * share, 10000)::bigint";
    expect(await inSql(inNumeric, columns, cases)).not.toEqual(ours);
    await expect(inSql("(amount * share + 5000) / 10000", columns, cases)).rejects.toThrow("out of range");
  });
});

describe("private.refund_minor", () => {
  const startsAt = parseInstant("2026-11-30T10:00:00Z");
  const cutoff = fc.integer({ min: 0, max: numberLimits.cutoffMinutes.max });
  const policies = fc.record({ one: cutoff, other: cutoff, percent: fc.integer({ min: 0, max: 100 }) });
  const cases = fc
    .sample(
      fc.record({
        paid: amount,
        policy: policies,
        part: fc.integer({ min: 0, max: 100 }),
        fault: fc.constantFrom(...refundFaults, "student" as const),
        /** On a boundary, a moment beside it, or anywhere around the start. */
        beside: fc.constantFrom("one", "other", "start", "anywhere"),
        moment: fc.constantFrom(-1, 0, 1),
        anywhere: fc.integer({ min: -45 * 24 * 60, max: 3 * 24 * 60 }),
      }),
      { numRuns: 500, seed: 2 },
    )
    .map(({ paid, policy: { one, other, percent }, part, fault, beside, moment, anywhere }) => {
      const minutes = { one: -one, other: -other, start: 0, anywhere }[beside];
      return {
        paid,
        refunded: Math.floor((paid / 100) * part),
        full: asMinutes(Math.max(one, other)),
        partial: asMinutes(Math.min(one, other)),
        percent,
        starts_at: formatInstant(startsAt),
        at: formatInstant(epochMs(startsAt + minutes * MINUTE_MS + moment)),
        fault,
      };
    });
  const ours = cases.map(
    (one) =>
      refundOf({
        paid: inr(one.paid),
        alreadyRefunded: inr(one.refunded),
        policy: { fullCutoff: one.full, partialCutoff: one.partial, partialPercent: one.percent },
        startsAt: parseInstant(one.starts_at),
        now: parseInstant(one.at),
        fault: one.fault,
      }).minor,
  );
  const columns = `paid bigint, refunded bigint, "full" integer, partial integer, percent integer,
    starts_at timestamptz, at timestamptz, fault text`;
  const call = (at: string) =>
    `private.refund_minor(paid, refunded, "full", partial, percent, starts_at, ${at}, fault)`;

  it("is rules/refundPolicy.ts, also at each cut-off and a millisecond beside it", async () => {
    expect(new Set(ours).size).toBeGreaterThan(150);
    expect(await inSql(call("at"), columns, cases)).toEqual(ours);
  });

  it("twin: a millisecond later it is not", async () => {
    expect(await inSql(call("at + interval '1 millisecond'"), columns, cases)).not.toEqual(ours);
  });
});

describe("taxes", () => {
  it("private.is_gstin is rules/tax.ts", async () => {
    const letter = fc.constantFrom(...Array.from("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"));
    const texts = fc.sample(
      fc.oneof(
        fc.stringMatching(/^[0-9]{2}[A-Z]{5}[0-9]{4}[A-Z][1-9A-Z]Z[0-9A-Z]$/),
        // One character more or less, in small letters, or of another kind.
        fc.array(letter, { minLength: 13, maxLength: 16 }).map((letters) => letters.join("")),
        fc.constantFrom("27AAPFU0939F1ZV", "27aapfu0939f1zv", "27AAPFU0939F1ZV\n", "", "٢٧AAPFU0939F1ZV"),
      ),
      { numRuns: 1500, seed: 3 },
    );
    const ours = texts.map(isGstin);
    expect(ours.filter(Boolean).length).toBeGreaterThan(20);
    expect(
      await inSql(
        "private.is_gstin(t)",
        "t text",
        texts.map((t) => ({ t })),
      ),
    ).toEqual(ours);
  });

  it("private.financial_year is rules/tax.ts", async () => {
    const instants = fc.sample(
      fc.oneof(
        fc.integer({ min: parseInstant("2000-01-01T00:00:00Z"), max: parseInstant("2099-01-01T00:00:00Z") }),
        fc
          .tuple(fc.integer({ min: 2000, max: 2098 }), fc.integer({ min: -2000, max: 2000 }))
          .map(([year, ms]) => parseInstant(`${year}-03-31T18:30:00Z`) + ms),
      ),
      { numRuns: 500, seed: 4 },
    );
    const rows = instants.map((instant) => ({ at: formatInstant(epochMs(instant)) }));
    const ours = instants.map((instant) => financialYearOf(epochMs(instant)));
    expect(await inSql("private.financial_year(at)", "at timestamptz", rows)).toEqual(ours);
  });

  it("private.document_number is rules/tax.ts", async () => {
    const cases = fc.sample(
      fc.record({
        series: fc.constantFrom("R", "TF", "MP"),
        year: fc.integer({ min: 1999, max: 2110 }),
        ordinal: fc.oneof(
          fc.integer({ min: 1, max: 9_999_999 }),
          fc.integer({ min: 999_990, max: 1_000_010 }),
        ),
      }),
      { numRuns: 500, seed: 5 },
    );
    const columns = "series text, year integer, ordinal integer";
    const ours = cases.map(({ series, year, ordinal }) => documentNumber(series, year, ordinal));
    expect(await inSql("private.document_number(series, year, ordinal)", columns, cases)).toEqual(ours);
  });

  const totals = fc.sample(
    fc.record({
      total: amount.filter((minor) => minor > 0),
      rate: fc.constantFrom(0, 1, 500, 1200, 1800, 2800, 9999, 10_000),
      supplier: fc.constantFrom("27" as const, "29" as const),
      supply: fc.constantFrom("27" as const, "29" as const, "96" as const),
    }),
    { numRuns: 500, seed: 6 },
  );
  const totalColumns = "total bigint, rate integer, supplier text, supply text";
  const parts = totals.map(({ total, rate, supplier, supply }) => {
    const tax = taxContained(inr(total), rate);
    const split = splitGst(tax, supplier, supply);
    const halves = split.kind === "cgst_sgst" ? split : { cgst: inr(0), sgst: inr(0) };
    return {
      sac: "999293",
      rate_basis_points: rate,
      place_of_supply: supply,
      taxable_minor: total - tax.minor,
      cgst_minor: halves.cgst.minor,
      sgst_minor: halves.sgst.minor,
      igst_minor: split.kind === "igst" ? split.igst.minor : 0,
    };
  });

  it("private.tax_within is rules/priceLines.ts and rules/tax.ts, and its parts add up", async () => {
    const call = "private.tax_within(total, rate, '999293', supplier, supply)";
    expect(await inSql(call, totalColumns, totals)).toEqual(parts);
    const sums = parts.map((one) => one.taxable_minor + one.cgst_minor + one.sgst_minor + one.igst_minor);
    expect(sums).toEqual(totals.map(({ total }) => total));
  });

  it("twin: rounded down it is not", async () => {
    const ours = parts.map((part, index) => totals[index]!.total - part.taxable_minor);
    expect(await inSql("private.tax_contained(total, rate)", totalColumns, totals)).toEqual(ours);
    expect(await inSql("div(total::numeric * rate, 10000 + rate)::bigint", totalColumns, totals)).not.toEqual(
      ours,
    );
  });

  it("private.price_on_document has the agreed lines, net of the tax that is stated below", async () => {
    const service = {
      durations: [{ minutes: asMinutes(60), price: inr(200_000) }],
      recordingPrice: inr(30_000),
    };
    const terms = {
      minutes: asMinutes(60),
      addRecording: true,
      coupon: { kind: "percentage", basisPoints: 777 },
    } as const;
    const linesWith = (basisPoints?: number) => {
      const priced = priceLines(service, { ...terms, tax: basisPoints ? { basisPoints } : undefined });
      if (!priced.ok) throw new Error(priced.field);
      const lines = priced.lines.map(({ kind, amount: { minor } }) => ({ kind, amount_minor: minor }));
      return { lines, total: priced.total.minor };
    };
    const gross = linesWith();
    const net = linesWith(1800);
    const { total } = gross;
    const onDocument = async (lines: unknown, rate: number | null) => {
      const [shown] = await inSql<{ kind: string; amount_minor: number }[]>(
        "private.price_on_document(total, nullif(lines, 'null'), case when rate > 0 then private.tax_within(total, rate, '999293', '29', '29') end)",
        "total bigint, lines jsonb, rate integer",
        [{ total, lines, rate: rate ?? 0 }],
      );
      return shown;
    };
    expect(await onDocument(null, null)).toEqual([{ kind: "session", amount_minor: total }]);
    expect(await onDocument(gross.lines, null)).toEqual(gross.lines);
    expect(await onDocument(gross.lines, 1800)).toEqual(gross.lines);
    expect(await onDocument(net.lines, 1800)).toEqual(net.lines.filter(({ kind }) => kind !== "tax"));
    // Agreed on with another rate, or with one that the mentor no longer charges.
    expect(await onDocument(net.lines, 500)).toEqual([{ kind: "session", amount_minor: total }]);
    expect(await onDocument(net.lines, null)).toEqual(net.lines);
  });
});
