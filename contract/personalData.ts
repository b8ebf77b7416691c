import { z } from "zod";
import { numberLimits } from "#rules/limits.ts";
import { fieldErrors } from "#words/fields.ts";
import { deletionRefusals } from "#words/personalData.ts";
import { uuid } from "./primitives.ts";

const { max } = numberLimits.passwordCharacters;

/** What deleting the account would do, for the person to read first. */
export const deletionPreview = z
  .object({
    sessions: z.int().describe("How many upcoming sessions would be cancelled."),
    time_requests: z.int().describe("How many open time requests would be ended."),
    next_sessions: z
      .array(z.object({ id: uuid, title: z.string(), with: z.string(), starts_at: z.string() }))
      .describe("The first of the upcoming sessions."),
    has_mentor_page: z.boolean(),
    unused_packages: z
      .array(
        z.object({
          my_role: z.enum(["student", "mentor"]),
          sessions: z.int(),
          refund: z.number().describe("In major units of the currency."),
          currency: z.string(),
        }),
      )
      .describe(
        "Sessions of packages, bought or sold, that are not booked: their money goes back to the students.",
      ),
    proof: z
      .enum(["password", "recent_sign_in"])
      .describe(
        "What `POST /me/delete` asks for: the password or, without one, a login that is less than ten minutes old or was renewed with `POST /me/proof`.",
      ),
  })
  .meta({ id: "DeletionPreview" });
export type DeletionPreview = z.infer<typeof deletionPreview>;

export const deleteAccount = z.strictObject({
  confirmed: z.literal(true, deletionRefusals.unconfirmed),
  password: z.string().min(1, fieldErrors.missing).max(max, fieldErrors.tooLong(max)).optional(),
});
export type DeleteAccount = z.input<typeof deleteAccount>;

/** The rest is done by a job. */
export const deletionBegun = z.object({ deleting: z.literal(true) });
