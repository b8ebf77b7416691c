import { z } from "zod";
import { bookingRoles } from "#rules/bookingState.ts";
import { countLimits } from "#rules/limits.ts";
import { cursorQuery, uuid } from "./primitives.ts";

export const notificationKinds = [
  "booking_requested",
  "booking_booked",
  "booking_confirmed",
  "booking_declined",
  "booking_cancelled",
  "booking_rescheduled",
  "booking_completed",
  "booking_expired",
  "time_request_opened",
  "time_request_proposed",
  "time_request_declined",
  "time_request_withdrawn",
  "time_request_expired",
  "alert_fired",
  "review_written",
  "review_answered",
  "no_show_claimed",
  "no_show_agreed",
  "no_show_disputed",
  "no_show_withdrawn",
  "no_show_unanswered",
] as const;
export const notificationKind = z.enum(notificationKinds);
export type NotificationKind = z.infer<typeof notificationKind>;

/** What the sentence needs, as it was when it happened. Instants are UTC, dates are on the recipient's calendar. */
export const notificationFacts = z
  .object({
    role: z.enum(bookingRoles).describe("As which the person is told."),
    counterpart: z.string().describe("The name of the other one."),
    service_title: z.string(),
    starts_at: z.string().optional(),
    from_starts_at: z.string().optional().describe("With booking_rescheduled: the start before it."),
    reason: z.string().optional(),
    claimed_by: z.enum(bookingRoles).optional().describe("With no_show_…: who says so."),
    answer_until: z.string().optional().describe("With no_show_claimed: until when one may answer."),
    mentor_username: z.string().optional(),
    service_id: uuid.optional(),
    duration: z.int().optional(),
    from_date: z.string().optional(),
    to_date: z.string().optional(),
  })
  .meta({ id: "NotificationFacts" });
export type NotificationFacts = z.infer<typeof notificationFacts>;

export const notification = z
  .object({
    id: uuid,
    kind: notificationKind,
    booking_id: uuid.nullable(),
    request_id: uuid.nullable(),
    facts: notificationFacts,
    created_at: z.string(),
    read_at: z.string().nullable(),
  })
  .meta({ id: "Notification" });
export type Notification = z.infer<typeof notification>;

export const unreadCount = z.object({ unread_count: z.int() });
export type UnreadCount = z.infer<typeof unreadCount>;

export const notificationQuery = z.object(cursorQuery);
export const notificationPage = unreadCount.extend({
  data: z.array(notification),
  next_cursor: z.string().nullable(),
});
export type NotificationPage = z.infer<typeof notificationPage>;

/** Which ones were read; all of them when left out. */
export const markRead = z
  .strictObject({ ids: z.array(uuid).min(1).max(countLimits.notificationsAtOnce).optional() })
  .nullish();
export type MarkRead = z.input<typeof markRead>;
