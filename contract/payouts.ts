import { z } from "zod";
import { textLimits } from "#rules/limits.ts";
import { fieldErrors, payoutErrors } from "#words/fields.ts";
import { cursorQuery, line, uuid } from "./primitives.ts";

export const payoutStates = ["requested", "sent", "paid", "failed", "reversed"] as const;
export const payoutMethods = ["csv", "route"] as const;

const amount = z.number().describe("In major units of the currency.");
const state = z
  .enum(payoutStates)
  .describe("requested, sent (on its way), paid, failed (back in the balance) or reversed (taken back).");

const masked = (what: string) => z.string().nullable().describe(`The last four ${what}; null: none is set.`);

/** Where a mentor's money goes, as far as it is shown. */
export const payoutAccount = z
  .object({
    bank: masked("digits of the account number"),
    linked: masked("characters of the account at the payment provider"),
    can_link: z.boolean().describe("Whether the payment provider can pay mentors directly."),
    usable_from: z
      .string()
      .nullable()
      .describe("From when payouts go there: a day after a change; null: none is set."),
  })
  .meta({ id: "PayoutAccount" });
export type PayoutAccount = z.infer<typeof payoutAccount>;

/** RBI: the bank's four letters, a zero, and six characters of the branch. */
const ifsc = z
  .string()
  .trim()
  .toUpperCase()
  .regex(/^[A-Z]{4}0[A-Z0-9]{6}$/, payoutErrors.ifsc)
  .meta({ examples: ["HDFC0001234"] });

export const bankDetails = z.strictObject({
  holder: line(textLimits.personName)
    .min(1, fieldErrors.missing)
    .refine((name) => /^[\p{L}\p{M}\d][\p{L}\p{M}\d .,'’&()/-]*$/u.test(name), payoutErrors.holder),
  account_number: z
    .string()
    .transform((number) => number.replace(/[\s-]/g, ""))
    .pipe(z.string().regex(/^\d{9,18}$/, payoutErrors.accountNumber)),
  ifsc,
});
export type BankDetails = z.output<typeof bankDetails>;

export const linkedAccount = z.strictObject({
  account: z
    .string()
    .trim()
    .regex(/^acc_[A-Za-z0-9]{6,40}$/, payoutErrors.linkedAccount),
});

export const payout = z
  .object({
    id: uuid,
    amount,
    reversed: amount.describe("What was taken back of it for a refund."),
    currency: z.string(),
    method: z.enum(payoutMethods).describe("csv: through the bank. route: through the payment provider."),
    state,
    reference: z.string().nullable().describe("The bank's reference (UTR), or the provider's id."),
    paid_to: masked("characters of the account"),
    requested_at: z.string(),
    sent_at: z.string().nullable(),
    settled_at: z.string().nullable(),
  })
  .meta({ id: "Payout" });
export type Payout = z.infer<typeof payout>;

export const payoutPage = z
  .object({ data: z.array(payout), next_cursor: z.string().nullable() })
  .meta({ id: "PayoutPage" });
export const payoutQuery = z.object(cursorQuery);

// For administrators -----------------------------------------------------------------------------------------------------

const page = <Row extends z.ZodType>(row: Row) =>
  z.object({ data: z.array(row), next_cursor: z.string().nullable() });

export const duePayouts = page(
  z.object({
    id: uuid.describe("The mentor."),
    name: z.string().nullable(),
    currency: z.string(),
    balance: amount,
    bank: masked("digits of the account number"),
    linked: masked("characters of the account at the payment provider"),
    usable_from: z.string().nullable(),
    has_open: z.boolean().describe("A payout is on its way."),
    suspended: z.boolean(),
    payable: z.boolean().describe("It is in the next run."),
  }),
).meta({ id: "DuePayouts" });
export type DuePayouts = z.infer<typeof duePayouts>;

export const payoutRun = z
  .object({
    id: uuid,
    created_by: uuid,
    created_by_name: z.string().nullable(),
    created_at: z.string(),
    filled_at: z.string().nullable().describe("null: mentors are still being added."),
    approved_by_name: z.string().nullable(),
    approved_at: z.string().nullable(),
    exported_at: z.string().nullable(),
    cancelled_at: z.string().nullable(),
    needs_approval: z
      .boolean()
      .describe("Another administrator must approve it before its file can be taken."),
    payouts: z.int(),
    open_payouts: z.int(),
    total: amount,
    paid: amount,
    currency: z.string(),
  })
  .meta({ id: "PayoutRun" });
export type PayoutRun = z.infer<typeof payoutRun>;
export const payoutRuns = page(payoutRun).meta({ id: "PayoutRuns" });

export const runPayouts = page(
  z.object({
    id: uuid,
    mentor_id: uuid,
    mentor_name: z.string().nullable(),
    amount,
    currency: z.string(),
    state,
    paid_to: masked("digits of the account number"),
    reference: z.string().nullable(),
    failure: z.string().nullable(),
    requested_at: z.string(),
    sent_at: z.string().nullable(),
    settled_at: z.string().nullable(),
  }),
).meta({ id: "RunPayouts" });
export type RunPayouts = z.infer<typeof runPayouts>;

export const startedRun = z.object({ id: uuid, payouts: z.int() });

export const runParams = z.object({ run_id: uuid });
export const runPayoutParams = z.object({ run_id: uuid, payout_id: uuid });

const reference = z
  .string()
  .trim()
  .regex(/^[A-Za-z0-9/-]{6,40}$/, payoutErrors.reference);
const reason = line(textLimits.reason).min(1, fieldErrors.missing);

export const payoutResult = z.discriminatedUnion("result", [
  z.strictObject({ result: z.literal("paid"), reference }),
  z.strictObject({ result: z.literal("failed"), reason }),
  z.strictObject({ result: z.literal("returned"), reason }),
]);
export type PayoutResult = z.output<typeof payoutResult>;

export const payoutOutcome = z.object({ outcome: z.enum(["paid", "failed", "returned", "unchanged"]) });

export const bankResults = z.strictObject({
  csv: z
    .string()
    .max(textLimits.bankFile)
    .describe(
      "The bank's file with the columns payout_id, result (paid, failed or returned), reference, reason.",
    ),
});
export const bankOutcomes = z.object({
  data: z.array(
    z.object({
      line: z.int(),
      payout_id: z.string(),
      outcome: z.enum(["paid", "failed", "returned", "unchanged", "rejected"]),
      problem: z.string().nullable(),
    }),
  ),
});
export type BankOutcomes = z.infer<typeof bankOutcomes>;
