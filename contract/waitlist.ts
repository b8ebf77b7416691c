import { z } from "zod";
import { countLimits, textLimits } from "#rules/limits.ts";
import { parseDate } from "#scheduling/dates.ts";
import { dateErrors } from "#words/fields.ts";
import { bookingMentor, createBooking } from "./bookings.ts";
import {
  durationMinutes,
  instant,
  localDate,
  responseDate,
  responseMinutes,
  timeZone,
  uuid,
} from "./primitives.ts";
import { sessionType } from "./services.ts";

export const waitlistKinds = ["slot", "days", "group"] as const;
export const waitlistEntryStates = [
  "waiting",
  "offered",
  "accepted",
  "left",
  "expired",
  "withdrawn",
] as const;
export const waitlistOfferStates = ["open", "accepted", "passed", "lapsed", "withdrawn"] as const;

const timezone = timeZone.describe("The person's: of the dates, and of the nights in which an offer pauses.");
const ofService = { service_id: uuid, duration: durationMinutes, timezone };

const joinDays = z
  .strictObject({ kind: z.literal("days"), ...ofService, from: localDate, to: localDate })
  .refine(({ from, to }) => from <= to, { message: dateErrors.endBeforeStart, path: ["to"] })
  .refine(({ from, to }) => (parseDate(to) ?? 0) - (parseDate(from) ?? 0) < countLimits.slotDays, {
    message: dateErrors.tooManyDays(countLimits.slotDays),
    path: ["to"],
  });

/** To wait for one time, for any time of a day or several, or for a seat in a group session. */
export const joinWaitlist = z.discriminatedUnion("kind", [
  z.strictObject({ kind: z.literal("slot"), ...ofService, starts_at: instant }),
  joinDays,
  z.strictObject({ kind: z.literal("group"), group_session_id: uuid, timezone }),
]);
export type JoinWaitlist = z.input<typeof joinWaitlist>;

/** Time that is kept for one person, who may take it. */
export const waitlistOffer = z
  .object({
    id: uuid,
    state: z.enum(waitlistOfferStates),
    starts_at: z.string(),
    ends_at: z.string(),
    offered_at: z.string(),
    expires_at: z.string().describe("The countdown's end, nights included."),
    paused_until: z
      .string()
      .nullable()
      .describe("It is night for the person: the countdown goes on then; null while it runs."),
    is_final: z.boolean().describe("It can't be cancelled any more: accepting needs agrees_final."),
    booking_id: uuid
      .nullable()
      .describe("The booking that accepts it; while that is unpaid, the offer is open."),
  })
  .meta({ id: "WaitlistOffer" });
export type WaitlistOffer = z.infer<typeof waitlistOffer>;

/** A place in a queue, as its owner sees it. */
export const waitlistEntry = z
  .object({
    id: uuid,
    expert_id: uuid,
    service_id: uuid,
    service_title: z.string(),
    session_type: sessionType,
    duration: responseMinutes,
    kind: z.enum(waitlistKinds),
    starts_at: z.string().nullable().describe("Of the slot, or the group session; null for days."),
    group_session_id: uuid.nullable(),
    from: responseDate.nullable().describe("Date in `timezone`; null unless for days."),
    to: responseDate.nullable(),
    timezone: z.string(),
    state: z.enum(waitlistEntryStates),
    position: z
      .int()
      .nullable()
      .describe("1 for the next person who is asked; null for an entry that isn't waiting."),
    joined_at: z.string(),
    offer: waitlistOffer.nullable().describe("The latest, if there was one."),
    mentor: bookingMentor,
  })
  .meta({ id: "WaitlistEntry" });
export type WaitlistEntry = z.infer<typeof waitlistEntry>;

export const waitlist = z.object({ data: z.array(waitlistEntry) });

/** Like a booking; the time is the offer's. */
export const acceptWaitlistOffer = createBooking
  .pick({
    message: true,
    total_amount: true,
    user_name: true,
    user_email: true,
    user_phone: true,
    add_recording: true,
    shows_name: true,
    coupon_code: true,
    package_purchase_id: true,
    timezone: true,
  })
  .extend({
    agrees_final: z.boolean().optional().describe("Needed if the session can't be cancelled any more."),
  });
export type AcceptWaitlistOffer = z.input<typeof acceptWaitlistOffer>;

/** A queue, as the mentor sees it. Its order is that of joining, and nothing changes it. */
export const mentorQueue = z
  .object({
    service_id: uuid,
    service_title: z.string(),
    duration: responseMinutes,
    kind: z.enum(waitlistKinds),
    starts_at: z.string().nullable(),
    group_session_id: uuid.nullable(),
    from: responseDate.nullable(),
    to: responseDate.nullable(),
    timezone: z.string().nullable().describe("Of the dates."),
    people: z.array(
      z.object({
        user_id: uuid,
        name: z.string(),
        joined_at: z.string(),
        position: z.int().nullable().describe("null: a time is offered to this person now."),
        offered_at: z.string().nullable(),
        offer_starts_at: z.string().nullable(),
        offer_expires_at: z.string().nullable(),
      }),
    ),
  })
  .meta({ id: "MentorQueue" });
export type MentorQueue = z.infer<typeof mentorQueue>;
export const mentorWaitlist = z.object({ data: z.array(mentorQueue) });

export const waitlistEntryParams = z.object({ waitlist_entry_id: uuid });
export const waitlistOfferParams = z.object({ waitlist_offer_id: uuid });

/** Why a person is out of a queue without having chosen that. */
export const waitlistEndings = ["lapsed", "cancelled"] as const;

/** What a link in a mail does once its button is pressed. */
export const waitlistLinkActions = ["leave", "pass"] as const;
export const useWaitlistLink = z.strictObject({ token: z.string().max(textLimits.loginToken) });
export const waitlistLinkUsed = z.object({ action: z.enum(waitlistLinkActions) });
