import { z } from "zod";
import { cursorQuery, uuid } from "./primitives.ts";

const amount = z.number().describe("In major units of the currency.");
const day = z.iso.date();

export const release = z
  .object({
    booking_id: uuid,
    starts_at: z.string(),
    title: z.string(),
    student_name: z.string(),
    held: amount,
    net: amount.describe("Less the platform's fee."),
    due_at: z.string().describe("When it becomes the mentor's, unless the session moves."),
    paused: z.boolean().describe("A no-show report or a dispute has to end first."),
  })
  .meta({ id: "Release" });
export type Release = z.infer<typeof release>;

export const earnings = z
  .object({
    currency: z.string(),
    fee_percent: z.number().describe("The platform's share of new bookings."),
    balance: amount.describe("Earned, and not on its way yet."),
    held: amount.describe("Paid by students, and held until 72 hours after the session."),
    held_net: amount.describe("What will be left of it after the fee."),
    in_packages: amount.describe("Paid for packages, and not booked yet."),
    in_packages_net: amount.describe("What will be left of it after the fee."),
    on_its_way: amount.describe("In payouts that have not arrived yet."),
    paid_this_year: amount,
    payout_minimum: amount.describe("A balance below this stays until it is larger."),
    releases: z.array(release).describe("What is held, the next to be released first."),
    months: z
      .array(
        z.object({
          month: z.string().meta({ examples: ["2026-11"] }),
          net: amount.describe("Earned in this month after the fee, less what was refunded later."),
          fee: amount,
          paid_out: amount,
        }),
      )
      .describe("The last twelve months, this one included, in the mentor's time zone."),
  })
  .meta({ id: "Earnings" });
export type Earnings = z.infer<typeof earnings>;

export const statementLine = z
  .object({
    id: uuid,
    booking_id: uuid.nullable().describe("null: what no session has taken of a package that was sold."),
    package_sessions: z.int().nullable().describe("Of the package."),
    starts_at: z.string().describe("Of the session; or when the package was bought."),
    title: z.string(),
    student_name: z.string(),
    booking_status: z.string().describe("Or the state of the package."),
    currency: z.string(),
    paid: amount,
    refunded: amount,
    fee: amount.describe("Expected, while the money is held."),
    net: amount.describe("What the mentor has of it, or will have when it is released."),
    state: z
      .enum(["held", "paused", "earned", "refunded", "used"])
      .describe(
        "held until due_at; paused by a no-show report or a dispute; earned; refunded entirely; or a package that sessions have used up.",
      ),
    due_at: z.string().describe("Of a package: when it expires, and the rest is the mentor's."),
    earned_at: z.string().nullable(),
  })
  .meta({ id: "StatementLine" });
export type StatementLine = z.infer<typeof statementLine>;

export const statementQuery = z.object({
  ...cursorQuery,
  from: day.optional().describe("First day of the sessions, in the mentor's time zone."),
  until: day.optional().describe("Last day."),
});

export const statementRange = statementQuery.pick({ from: true, until: true });

export const statementPage = z
  .object({ data: z.array(statementLine), next_cursor: z.string().nullable() })
  .meta({ id: "StatementPage" });
