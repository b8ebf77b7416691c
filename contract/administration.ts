import { z } from "zod";
import { textLimits } from "#rules/limits.ts";
import { fieldErrors } from "#words/fields.ts";
import { cursorQuery, line, text, uuid } from "./primitives.ts";

const page = <Row extends z.ZodType>(row: Row) =>
  z.object({ data: z.array(row), next_cursor: z.string().nullable() });

/** Whether the caller may use the console now. */
export const administratorState = z
  .object({
    state: z
      .enum(["ready", "needs_two_factor", "needs_new_login"])
      .describe(
        "`needs_two_factor`: set up two-factor sign-in first. `needs_new_login`: this login is older than that; sign in again.",
      ),
  })
  .meta({ id: "AdministratorState" });
export type AdministratorState = z.infer<typeof administratorState>;

const closed = z.enum(["suspended", "deleted"]).nullable();

const person = {
  id: uuid,
  name: z.string(),
  email: z.string(),
  created_at: z.string(),
  username: z.string().nullable().describe("Of the mentor page, if there is one."),
  verified: z.boolean(),
  closed: closed.describe("Null for an open account."),
  is_administrator: z.boolean(),
};

export const adminPeople = page(z.object(person)).meta({ id: "AdminPeople" });
export type AdminPeople = z.infer<typeof adminPeople>;
export type AdminPersonSummary = AdminPeople["data"][number];

export const adminPerson = z
  .object({
    ...person,
    email_confirmed: z.boolean(),
    two_factor: z.boolean(),
    last_active_at: z.string().nullable(),
    logins: z.int().describe("Signed-in devices."),
    upcoming: z.int().describe("Sessions and requests ahead, as student and as mentor."),
    past: z.int(),
    closed_since: z.string().nullable(),
    closed_reason: z.string().nullable().describe("Why the account was suspended."),
    deletion_step: z.string().nullable(),
    cancelled: z.int().nullable().describe("How much a deletion has cancelled so far."),
  })
  .meta({ id: "AdminPerson" });
export type AdminPerson = z.infer<typeof adminPerson>;

export const peopleQuery = z.object({
  q: line(textLimits.search).optional().describe("Part of a name, an address or a username, or an id."),
  ...cursorQuery,
});

export const personParams = z.object({ person_id: uuid });

export const withRequiredReason = z.strictObject({
  reason: text(textLimits.reason).min(1, fieldErrors.missing),
});
export const verification = z.strictObject({ verified: z.boolean() });

export const undeliveredMail = page(
  z.object({
    id: uuid,
    user_id: uuid.nullable(),
    address: z.string().nullable(),
    kind: z.string(),
    attempts: z.int(),
    last_error: z.string().nullable(),
    created_at: z.string(),
    ended_at: z.string(),
  }),
).meta({ id: "UndeliveredMail" });
export type UndeliveredMail = z.infer<typeof undeliveredMail>;

export const mailParams = z.object({ mail_id: uuid });

export const failedJobs = page(
  z.object({
    id: z.string(),
    task: z.string(),
    payload: z.unknown(),
    attempts: z.int(),
    max_attempts: z.int(),
    last_error: z.string().nullable(),
    created_at: z.string(),
    run_at: z.string().describe("When it is tried again, unless no attempt is left."),
    is_running: z.boolean(),
  }),
).meta({ id: "FailedJobs" });
export type FailedJobs = z.infer<typeof failedJobs>;

const bigId = z.string().regex(/^\d{1,18}$/);
export const jobParams = z.object({ job_id: bigId });

export const adminPageQuery = z.object(cursorQuery);

/** What administrators do, as the log names it. */
export const adminActions = [
  "administrator_granted",
  "administrator_revoked",
  "people_searched",
  "person_viewed",
  "person_suspended",
  "suspension_lifted",
  "mentor_verified",
  "verification_removed",
  "undelivered_mail_listed",
  "mail_sent_again",
  "failed_jobs_listed",
  "job_run_again",
  "job_given_up",
  "payouts_due_listed",
  "payout_run_started",
  "payout_runs_listed",
  "payout_run_viewed",
  "payout_run_approved",
  "payout_run_cancelled",
  "payout_file_taken",
  "payout_paid",
  "payout_failed",
  "payout_reversed",
  "payments_listed",
  "payment_viewed",
  "payment_synced",
  "refund_retried",
  "refunded_by_hand",
  "authorization_released",
  "attention_cleared",
  "reconciliation_started",
] as const;
export type AdminAction = (typeof adminActions)[number];

export const adminLog = page(
  z.object({
    id: z.string(),
    happened_at: z.string(),
    actor_id: uuid.nullable().describe("Null: at the command line."),
    actor_name: z.string().nullable(),
    action: z.string(),
    subject_id: uuid.nullable(),
    subject_name: z.string().nullable(),
    details: z.record(z.string(), z.unknown()),
    reason: z.string().nullable(),
    request_id: z.string().nullable(),
  }),
).meta({ id: "AdminLog" });
export type AdminLog = z.infer<typeof adminLog>;

export const logQuery = z.object({
  person_id: uuid.optional().describe("Who did it or whom it concerns."),
  action: z.enum(adminActions).optional(),
  ...cursorQuery,
});
