import { localDate } from "#scheduling/dates.ts";
import { asMinutes, epochMs, HOUR_MS, parseInstant } from "#scheduling/units.ts";
import type { MailInput } from "../mailInput.ts";

/** One mail of each kind, to each side that gets it, as people would write them. */

const publicUrl = "https://matepeak.example";
const startsAt = parseInstant("2026-12-01T13:15:00Z");
const manage = `${publicUrl}/manage#eyJib29raW5nIjoiMDE5YSJ9.c2lnbmF0dXJl`;

/** All links that any mail has; each kind offers those that make sense in it. */
export const allLinks = {
  see: manage,
  move: `${manage}&step=reschedule`,
  cancel: `${manage}&step=cancel`,
  join: "https://meet.example/abc-defg-hij",
  pay: `${publicUrl}/bookings/019a/pay`,
  review: `${publicUrl}/sessions/019a#review`,
  calendar: {
    google: "https://calendar.google.com/calendar/render?action=TEMPLATE&text=Mock+interview",
    outlook: "https://outlook.live.com/calendar/0/deeplink/compose?subject=Mock+interview",
    ics: `${publicUrl}/api/v1/bookings/019a/calendar.ics?token=abc`,
  },
  settings: `${publicUrl}/account/notifications`,
  unsubscribe: `${publicUrl}/unsubscribe#abc`,
} satisfies MailInput["links"];

const session = { startsAt, endsAt: epochMs(startsAt + HOUR_MS) };
const service = { service_title: "Mock interview", mentor_username: "asha-rao" };
/** A time request is about no session yet. */
const asking = { role: "student", counterpart: "Asha Rao", ...service } as const;
const asked = { role: "mentor", counterpart: "Jonas Becker", ...service } as const;
const starts = { starts_at: "2026-12-01T13:15:00Z" };
const student = { ...asking, ...starts } as const;
const mentor = { ...asked, ...starts } as const;

const ofGroup = {
  ...mentor,
  counterpart: "",
  group_session_id: "01a223f7-883d-71c7-bf4b-6b678e97faaf",
} as const;

const toStudent = {
  publicUrl,
  links: allLinks,
  recipient: { name: "Jonas Becker", timezone: "Europe/Berlin", language: "en" },
  session: { ...session, counterpartTimezone: "Asia/Kathmandu" },
} as const;
const toMentor = {
  publicUrl,
  links: allLinks,
  recipient: { name: "Asha Rao", timezone: "Asia/Kathmandu", language: "en" },
  session: { ...session, counterpartTimezone: "Europe/Berlin" },
} as const;
const toOwner = {
  publicUrl,
  links: { see: `${publicUrl}/account` },
  recipient: { name: "Jonas Becker", timezone: "Europe/Berlin", language: "en" },
} as const;

const sick = { reason: "I’ve come down with a cold, sorry!\nNext week would work well." };
const moved = { from_starts_at: "2026-11-30T09:00:00Z" };
const alert = {
  service_id: "019a3b52-0000-7000-8000-000000000001",
  duration: asMinutes(60),
  from_date: localDate("2026-12-01"),
  to_date: localDate("2026-12-07"),
};
const offered = {
  service_id: alert.service_id,
  offer_id: "019a3b52-0000-7000-8000-000000000005",
  entry_id: "019a3b52-0000-7000-8000-000000000006",
  expires_at: "2026-11-30T12:00:00Z",
};
const answerUntil = { answer_until: "2026-12-04T10:00:00Z" };
const [byStudent, byMentor] = [{ claimed_by: "student" }, { claimed_by: "mentor" }] as const;

const paid = { amount: 2000, currency: "INR" } as const;
const eight = { sessions: 8, last_starts_at: "2027-01-20T13:30:00Z" } as const;
const policy = { full_cutoff: asMinutes(1440), partial_cutoff: asMinutes(120), partial_percent: 50 };
const payment = { ...student, ...paid } as const;
const { starts_at: _, ...withoutTime } = payment;
const series_id = "019a3b52-0000-7000-8000-000000000007";
const purchase_id = "019a3b52-0000-7000-8000-000000000003";
const ofPackage = { ...withoutTime, amount: 8000, sessions: 5, purchase_id } as const;
const { starts_at: __, ...mentorWithoutTime } = mentor;
const packageOfMentor = {
  ...mentorWithoutTime,
  amount: 8000,
  currency: "INR",
  sessions: 5,
  purchase_id,
} as const;
const toBuyer = {
  publicUrl,
  links: { settings: allLinks.settings },
  recipient: toStudent.recipient,
} as const;
const documented = { document_id: "019a3b52-0000-7000-8000-000000000002" };
const earning = { role: "mentor", mentor_username: "asha-rao", amount: 5400, currency: "INR" } as const;
const connection = {
  role: "mentor",
  connection_id: "019a3b52-0000-7000-8000-000000000004",
  connection: "Fastmail",
} as const;
const toEarner = {
  publicUrl,
  links: { settings: allLinks.settings },
  recipient: toMentor.recipient,
} as const;

/** By a name for the file of its picture. */
export const sampleMails: Readonly<Record<string, MailInput>> = {
  "requested-mentor": {
    ...toMentor,
    kind: "booking_requested",
    facts: { ...mentor, reason: "I have an on-site at a bank in two weeks and would love a dry run." },
  },
  "requested-student": { ...toStudent, kind: "booking_requested", by: "student", facts: student },
  "booked-mentor": { ...toMentor, kind: "booking_booked", facts: mentor },
  "booked-student": { ...toStudent, kind: "booking_booked", by: "student", facts: student },
  "accepted-student": { ...toStudent, kind: "booking_booked", facts: student },
  "accepted-mentor": { ...toMentor, kind: "booking_booked", by: "mentor", facts: mentor },
  "confirmed-student": { ...toStudent, kind: "booking_confirmed", facts: student },
  "confirmed-mentor": { ...toMentor, kind: "booking_confirmed", by: "mentor", facts: mentor },
  "declined-student": { ...toStudent, kind: "booking_declined", facts: { ...student, ...sick } },
  "declined-mentor": { ...toMentor, kind: "booking_declined", by: "mentor", facts: { ...mentor, ...sick } },
  "cancelled-student": { ...toStudent, kind: "booking_cancelled", facts: { ...student, ...sick } },
  "cancelled-mentor": { ...toMentor, kind: "booking_cancelled", facts: mentor },
  "cancelled-self": {
    ...toStudent,
    kind: "booking_cancelled",
    by: "student",
    facts: { ...student, ...sick },
  },
  "cancelled-system": { ...toStudent, kind: "booking_cancelled", by: "system", facts: student },
  "rescheduled-student": {
    ...toStudent,
    kind: "booking_rescheduled",
    facts: { ...student, ...moved, ...sick },
  },
  "rescheduled-mentor": { ...toMentor, kind: "booking_rescheduled", facts: { ...mentor, ...moved } },
  "rescheduled-self": {
    ...toMentor,
    kind: "booking_rescheduled",
    by: "mentor",
    facts: { ...mentor, ...moved },
  },
  "fell-back-student": { ...toStudent, kind: "meeting_fell_back", facts: { ...student, has_link: true } },
  "fell-back-mentor": { ...toMentor, kind: "meeting_fell_back", facts: { ...mentor, has_link: false } },
  "series-requested-mentor": { ...toMentor, kind: "series_requested", facts: { ...mentor, ...eight } },
  "series-requested-student": {
    ...toStudent,
    kind: "series_requested",
    by: "student",
    facts: { ...student, ...eight },
  },
  "series-booked-mentor": { ...toMentor, kind: "series_booked", facts: { ...mentor, ...eight } },
  "series-booked-student": {
    ...toStudent,
    kind: "series_booked",
    by: "student",
    facts: { ...student, ...eight, money: { ...paid, amount: 16_000, state: "paid", policy } },
  },
  "series-cancelled-student": {
    ...toStudent,
    kind: "series_changed",
    facts: { ...student, ...eight, ...sick, change: "cancelled" },
  },
  "series-moved-mentor": {
    ...toMentor,
    kind: "series_changed",
    facts: { ...mentor, ...eight, change: "rescheduled" },
  },
  "series-lapsed-student": { ...toStudent, kind: "series_lapsed", by: "system", facts: student },
  "series-lapsed-mentor": { ...toMentor, kind: "series_lapsed", by: "system", facts: mentor },
  "payment-due": {
    ...toStudent,
    kind: "payment_due",
    facts: { ...payment, held_until: "2026-12-01T09:30:00Z" },
  },
  "group-cancelled-student": { ...toStudent, kind: "group_cancelled", by: "system", facts: student },
  "group-cancelled-mentor": { ...toMentor, kind: "group_cancelled", by: "system", facts: mentor },
  "group-confirmed": { ...toStudent, kind: "group_confirmed", by: "system", facts: student },
  "group-message": {
    ...toStudent,
    kind: "group_message",
    facts: { ...student, reason: "Bring a notebook." },
  },
  "restored-student": { ...toStudent, kind: "meeting_restored", facts: student },
  "meeting-changed": { ...toStudent, kind: "meeting_changed", by: "system", facts: student },
  "entry-moved": {
    ...toMentor,
    kind: "entry_moved",
    facts: { ...mentor, calendar: "Work", moved_to: "2026-12-03T14:00:00.000Z" },
  },
  "entry-deleted": { ...toMentor, kind: "entry_deleted", facts: { ...mentor, calendar: "Work" } },
  "group-entry-moved": {
    ...toMentor,
    kind: "group_entry_moved",
    facts: { ...ofGroup, calendar: "Work", moved_to: "2026-12-03T14:00:00.000Z" },
  },
  "group-entry-deleted": {
    ...toMentor,
    kind: "group_entry_deleted",
    facts: { ...ofGroup, calendar: "Work" },
  },
  "reminder-student": {
    ...toStudent,
    kind: "booking_reminder",
    leadMinutes: asMinutes(1440),
    facts: student,
  },
  "reminder-mentor": { ...toMentor, kind: "booking_reminder", leadMinutes: asMinutes(60), facts: mentor },
  "completed-student": { ...toStudent, kind: "booking_completed", facts: student },
  "completed-mentor": { ...toMentor, kind: "booking_completed", facts: mentor },
  "expired-student": { ...toStudent, kind: "booking_expired", facts: student },
  "expired-mentor": { ...toMentor, kind: "booking_expired", facts: mentor },
  "time-request-opened": { ...toMentor, kind: "time_request_opened", facts: { ...asked, ...sick } },
  "time-request-proposed-student": {
    ...toStudent,
    kind: "time_request_proposed",
    facts: { ...asking, ...sick },
  },
  "time-request-proposed-mentor": { ...toMentor, kind: "time_request_proposed", facts: asked },
  "time-request-declined": { ...toStudent, kind: "time_request_declined", facts: asking },
  "time-request-withdrawn": { ...toMentor, kind: "time_request_withdrawn", facts: asked },
  "time-request-expired-student": { ...toStudent, kind: "time_request_expired", facts: asking },
  "time-request-expired-mentor": { ...toMentor, kind: "time_request_expired", facts: asked },
  "alert-fired": { ...toStudent, kind: "alert_fired", facts: { ...student, ...alert } },
  "waitlist-offer": {
    ...toStudent,
    kind: "waitlist_offer",
    facts: { ...student, ...offered, is_final: false },
  },
  "waitlist-offer-final": {
    ...toStudent,
    kind: "waitlist_offer",
    facts: { ...student, ...offered, is_final: true },
  },
  "waitlist-lapsed": {
    ...toStudent,
    kind: "waitlist_lapsed",
    facts: { ...student, service_id: alert.service_id, ended_because: "lapsed" },
  },
  "waitlist-cancelled": {
    ...toStudent,
    kind: "waitlist_lapsed",
    facts: { ...student, service_id: alert.service_id, ended_because: "cancelled" },
  },
  "review-written": { ...toMentor, kind: "review_written", facts: mentor },
  "review-answered": { ...toStudent, kind: "review_answered", facts: student },
  "no-show-claimed": {
    ...toStudent,
    kind: "no_show_claimed",
    facts: { ...student, ...byMentor, ...answerUntil, reason: "I waited for half an hour." },
  },
  "no-show-claimed-mentor": {
    ...toMentor,
    kind: "no_show_claimed",
    facts: { ...mentor, ...byStudent, ...answerUntil },
  },
  "no-show-agreed": { ...toMentor, kind: "no_show_agreed", facts: { ...mentor, ...byMentor } },
  "no-show-disputed": { ...toMentor, kind: "no_show_disputed", facts: { ...mentor, ...byMentor } },
  "no-show-withdrawn": { ...toStudent, kind: "no_show_withdrawn", facts: { ...student, ...byMentor } },
  "no-show-unanswered-own": { ...toStudent, kind: "no_show_unanswered", facts: { ...student, ...byMentor } },
  "no-show-unanswered-theirs": { ...toMentor, kind: "no_show_unanswered", facts: { ...mentor, ...byMentor } },
  "booked-paid-student": {
    ...toStudent,
    kind: "booking_booked",
    by: "student",
    facts: { ...student, money: { ...paid, state: "paid", policy } },
  },
  "booked-paid-mentor": {
    ...toMentor,
    kind: "booking_booked",
    facts: { ...mentor, money: { ...paid, state: "paid" } },
  },
  "requested-reserved-student": {
    ...toStudent,
    kind: "booking_requested",
    by: "student",
    facts: { ...student, money: { ...paid, state: "reserved" } },
  },
  "confirmed-charging-student": {
    ...toStudent,
    kind: "booking_confirmed",
    facts: { ...student, money: { ...paid, state: "charging", policy } },
  },
  "cancelled-refunding": {
    ...toStudent,
    kind: "booking_cancelled",
    by: "student",
    facts: { ...student, money: { amount: 1000, currency: "INR", state: "refunding" } },
  },
  "cancelled-kept": {
    ...toStudent,
    kind: "booking_cancelled",
    by: "student",
    facts: { ...student, money: { ...paid, state: "kept" } },
  },
  "declined-released": {
    ...toStudent,
    kind: "booking_declined",
    facts: { ...student, ...sick, money: { ...paid, state: "released" } },
  },
  "payment-received": { ...toStudent, kind: "payment_received", facts: { ...payment, ...documented } },
  "payment-received-several": {
    ...toStudent,
    kind: "payment_received",
    facts: { ...payment, amount: 16000, together: 8, series_id },
  },
  "payment-failed-held": {
    ...toStudent,
    kind: "payment_failed",
    facts: { ...payment, held_until: "2026-11-28T13:27:00Z" },
  },
  "payment-failed-lapsed": { ...toStudent, kind: "payment_failed", facts: payment },
  "payment-authorized": { ...toStudent, kind: "payment_authorized", facts: payment },
  "payment-released": { ...toStudent, kind: "payment_released", facts: payment },
  "payment-late": { ...toStudent, kind: "payment_late", facts: { ...payment, why: "late" } },
  "payment-wrong-amount": {
    ...toStudent,
    kind: "payment_late",
    facts: { ...payment, amount: 499.5, why: "wrong_amount" },
  },
  "payment-twice": { ...toStudent, kind: "payment_twice", facts: payment },
  "refund-requested": { ...toStudent, kind: "refund_requested", facts: { ...payment, why: "no_show" } },
  "refund-done": { ...toStudent, kind: "refund_done", facts: { ...payment, ...documented } },
  "refund-failed": { ...toStudent, kind: "refund_failed", facts: payment },
  "dispute-opened": { ...toMentor, kind: "dispute_opened", facts: { ...mentor, ...paid } },
  "dispute-won": { ...toMentor, kind: "dispute_won", facts: { ...mentor, ...paid } },
  "dispute-lost": { ...toMentor, kind: "dispute_lost", facts: { ...mentor, ...paid } },
  "package-paid": { ...toBuyer, kind: "payment_received", facts: { ...ofPackage, ...documented } },
  "package-failed": { ...toBuyer, kind: "payment_failed", facts: ofPackage },
  "package-late": { ...toBuyer, kind: "payment_late", facts: { ...ofPackage, why: "unwanted" } },
  "package-twice": { ...toBuyer, kind: "payment_twice", facts: ofPackage },
  "package-refund-requested": {
    ...toBuyer,
    kind: "refund_requested",
    facts: { ...ofPackage, amount: 4800, why: "other" },
  },
  "package-refunded": { ...toBuyer, kind: "refund_done", facts: { ...ofPackage, ...documented } },
  "package-sold": { ...toEarner, kind: "package_sold", facts: packageOfMentor },
  "package-disputed": { ...toEarner, kind: "dispute_opened", facts: packageOfMentor },
  "package-expiring": {
    ...toBuyer,
    kind: "package_expiring",
    facts: { ...ofPackage, sessions: 2, expires_at: "2026-12-05T09:30:00Z" },
  },
  "earned-from-expired": { ...toEarner, kind: "earned", facts: { ...earning, count: 0 } },
  earned: { ...toEarner, kind: "earned", facts: { ...earning, count: 3 } },
  "fee-returned": {
    ...toMentor,
    kind: "fee_returned",
    facts: { ...mentor, ...paid, amount: 200, ...documented },
  },
  "payout-sent": { ...toEarner, kind: "payout_sent", facts: { ...earning, account: "4321" } },
  "payout-failed": { ...toEarner, kind: "payout_failed", facts: { ...earning, account: "4321" } },
  "calendar-broken-mentor": {
    ...toEarner,
    kind: "calendar_broken",
    facts: { ...connection, connection_kind: "caldav", problem: "login_refused", offering: "pauses" },
  },
  "calendar-broken-student": {
    ...toBuyer,
    kind: "calendar_broken",
    facts: { ...connection, connection_kind: "google", role: "student", problem: "login_refused" },
  },
  "calendar-stale": {
    ...toEarner,
    kind: "calendar_stale",
    facts: { ...connection, synced_at: "2026-12-01T13:15:00Z", offering: "continues" },
  },
  "calendar-never-read": {
    ...toEarner,
    kind: "calendar_stale",
    facts: { ...connection, offering: "pauses" },
  },
  "calendar-login-ends": {
    ...toEarner,
    kind: "calendar_login_ends",
    facts: { ...connection, ends_at: "2026-12-03T08:00:00Z" },
  },
  "calendar-missing": {
    ...toEarner,
    kind: "calendar_missing",
    facts: { ...connection, calendar: "Team holidays" },
  },
  "code-confirm-address": { ...toOwner, kind: "code_confirm_address", code: "482913" },
  "code-sign-in": { ...toOwner, kind: "code_sign_in", code: "482913" },
  "code-reset-password": { ...toOwner, kind: "code_reset_password", code: "482913" },
  "code-change-address": { ...toOwner, kind: "code_change_address", code: "482913" },
  "address-changed": {
    ...toOwner,
    kind: "address_changed",
    facts: { old_address: "jonas.becker@example.com", new_address: "jonas@example.org" },
  },
  "password-changed": { ...toOwner, kind: "password_changed" },
  "passkey-added": { ...toOwner, kind: "login_methods_changed", facts: { change: "passkey_added" } },
  "passkey-removed": { ...toOwner, kind: "login_methods_changed", facts: { change: "passkey_removed" } },
  "two-factor-on": { ...toOwner, kind: "login_methods_changed", facts: { change: "two_factor_on" } },
  "two-factor-off": { ...toOwner, kind: "login_methods_changed", facts: { change: "two_factor_off" } },
  "recovery-codes": { ...toOwner, kind: "login_methods_changed", facts: { change: "recovery_codes_made" } },
  "google-linked": { ...toOwner, kind: "login_methods_changed", facts: { change: "google_linked" } },
  "google-unlinked": { ...toOwner, kind: "login_methods_changed", facts: { change: "google_unlinked" } },
  "payout-account-set": {
    ...toOwner,
    kind: "payout_account_changed",
    facts: { change: "set", account: "4321" },
  },
  "payout-account-removed": {
    ...toOwner,
    kind: "payout_account_changed",
    facts: { change: "removed", account: "" },
  },
  "account-deleted": { ...toOwner, links: {}, kind: "account_deleted" },
  "account-suspended": {
    ...toOwner,
    links: {},
    kind: "account_suspended",
    facts: { reason: "Several people reported messages that were advertising." },
  },
};
