import { ownedCaps } from "#rules/limits.ts";
import { windowDays } from "#rules/windows.ts";
import { startRefusals } from "#words/slots.ts";

/**
 * Every error the API can answer: its HTTP status and the sentence a person reads. Routes answer RFC 9457 problem
 * documents whose `code` is one of these keys; the reference in docs/errors.md is tested against this table.
 */
export const errors = {
  unauthenticated: { status: 401, title: "You must be logged in." },
  link_invalid: { status: 401, title: "This link is not valid, or no longer." },
  invalid_credentials: { status: 401, title: "The e-mail address or the password is not right." },
  forbidden: { status: 403, title: "You may not do this." },
  address_not_confirmed: {
    status: 403,
    title: "This mentor takes bookings from confirmed e-mail addresses only.",
  },
  not_a_mentor: { status: 403, title: "Create your mentor profile first." },
  not_found: { status: 404, title: "There is nothing here." },
  mentor_not_found: { status: 404, title: "This mentor does not exist." },
  service_not_found: { status: 404, title: "This service does not exist." },
  availability_slot_not_found: { status: 404, title: "These hours do not exist." },
  blocked_date_not_found: { status: 404, title: "This blocked date does not exist." },
  timezone_period_not_found: { status: 404, title: "This travel does not exist." },
  booking_not_found: { status: 404, title: "This booking does not exist, or it is not yours." },
  time_request_not_found: { status: 404, title: "This request does not exist, or it is not yours." },
  availability_alert_not_found: { status: 404, title: "This alert does not exist, or it is not yours." },
  student_not_found: { status: 404, title: "This student does not exist, or never booked with you." },
  review_not_found: { status: 404, title: "There is no such review." },
  request_timeout: { status: 408, title: "This request took too long to arrive." },
  method_not_allowed: { status: 405, title: "This address does not take that method." },
  slot_taken: { status: 409, title: "Someone has just taken this time." },
  already_booked: { status: 409, title: "You already have a seat in this session." },
  username_taken: { status: 409, title: "This username is already in use." },
  already_a_mentor: { status: 409, title: "You already have a mentor profile." },
  date_already_blocked: { status: 409, title: "This date is already blocked." },
  duplicate_window: { status: 409, title: "These hours are already set." },
  timezone_periods_overlap: { status: 409, title: "You are in another zone on some of these days already." },
  invalid_transition: { status: 409, title: "This booking can no longer be changed in this way." },
  cutoff_passed: { status: 409, title: "It is too late to change this booking." },
  time_request_closed: { status: 409, title: "This request can no longer be answered in this way." },
  time_request_already_open: { status: 409, title: "You have an open request with this mentor already." },
  times_already_free: { status: 409, title: "There are free times on these days already." },
  availability_alert_exists: { status: 409, title: "You are waiting for these days already." },
  no_show_not_allowed: { status: 409, title: "Nobody can say now that the other did not come." },
  no_show_exists: { status: 409, title: "It has been said already that somebody did not come." },
  no_show_closed: { status: 409, title: "This can no longer be answered or taken back." },
  review_exists: { status: 409, title: "You have reviewed this session already." },
  review_not_allowed: { status: 409, title: "Only a session that took place can be reviewed." },
  review_closed: {
    status: 409,
    title: `A review can be changed for ${windowDays("reviewChange")} days only.`,
  },
  too_many_favourites: { status: 409, title: "You have 200 favourite mentors, and that is the most." },
  another_user: { status: 409, title: "Somebody else is signed in now." },
  too_many_requests_open: { status: 409, title: "You have as many open requests as one person may have." },
  too_many_sessions_ahead: { status: 409, title: "You have as many sessions ahead as one person may have." },
  cap_reached: { status: 409, title: "You have as many of these as one person may have." },
  request_in_progress: { status: 409, title: "The same request is still being worked on." },
  hours_changed: { status: 412, title: "Your hours have been changed elsewhere since you opened them." },
  review_changed: { status: 412, title: "This review has been changed elsewhere since you opened it." },
  note_changed: { status: 412, title: "These notes have been changed elsewhere since you opened them." },
  body_too_large: { status: 413, title: "This request is too large." },
  unsupported_media_type: { status: 415, title: "Send JSON." },
  unknown_host: { status: 421, title: "This server does not answer under this name." },
  malformed_request: { status: 400, title: "This request cannot be read." },
  account_not_created: {
    status: 422,
    title: "We could not create an account with this e-mail address and password.",
  },
  validation_failed: { status: 422, title: "Some of the input is not right." },
  price_mismatch: { status: 422, title: "The price has changed." },
  slot_unavailable: { status: 422, title: "The mentor does not offer this time." },
  own_session: { status: 422, title: "You cannot book a session with yourself." },
  idempotency_key_reused: { status: 422, title: "This Idempotency-Key was used for another request." },
  rate_limited: { status: 429, title: "Too many requests. Please wait a moment." },
  internal: { status: 500, title: "Something went wrong on our side." },
  overloaded: { status: 503, title: "We are very busy. Please try again in a moment." },
  database_unavailable: { status: 503, title: "The service is not available right now. Please try again." },
} as const satisfies Record<string, { status: number; title: string }>;

export type ErrorCode = keyof typeof errors;

/** What the database says of somebody who owns as many as one may. */
function capOf(field: string, most: number, what: string) {
  const detail = `You can have at most ${most.toLocaleString("en")} ${what}. Remove one before you add another.`;
  return { code: "cap_reached", field, detail } as const;
}

/** The database's named constraints and what a person should be told when one of them speaks. */
export const constraintErrors: Readonly<
  Record<string, { code: ErrorCode; field?: string; detail?: string }>
> = {
  occupancies_no_overlap: { code: "slot_taken" },
  occupancies_seats_within_capacity: { code: "slot_taken" },
  bookings_one_seat_each: { code: "already_booked", field: "scheduled_time" },
  expert_profiles_username_key: { code: "username_taken", field: "username" },
  expert_profiles_username_reserved: {
    code: "validation_failed",
    field: "username",
    detail: "This username is reserved.",
  },
  expert_profiles_pkey: { code: "already_a_mentor" },
  blocked_dates_expert_id_date_key: { code: "date_already_blocked", field: "date" },
  availability_slots_weekly_key: { code: "duplicate_window", field: "start_time" },
  availability_slots_dated_key: { code: "duplicate_window", field: "start_time" },
  bookings_not_own_session: { code: "own_session", field: "expert_id" },
  bookings_expert_id_fkey: { code: "mentor_not_found", field: "expert_id" },
  bookings_service_offered: {
    code: "validation_failed",
    field: "duration",
    detail: "The mentor does not offer this service in this length.",
  },
  bookings_recording_offered: {
    code: "validation_failed",
    field: "add_recording",
    detail: "This service has no recording.",
  },
  bookings_mentor_accepts: {
    code: "slot_unavailable",
    field: "scheduled_time",
    detail: startRefusals.paused,
  },
  bookings_in_future: { code: "slot_unavailable", field: "scheduled_time", detail: startRefusals.past },
  bookings_address_confirmed: {
    code: "address_not_confirmed",
    field: "expert_id",
    detail: "This mentor takes bookings from confirmed e-mail addresses only, and yours is not confirmed.",
  },
  bookings_first_is_approved: {
    code: "validation_failed",
    field: "expert_id",
    detail: "This mentor confirms a first session personally.",
  },
  bookings_ahead_with_mentor: {
    code: "too_many_sessions_ahead",
    field: "expert_id",
    detail:
      "You have as many sessions ahead with this mentor as you may have. You can book another one when one has taken place.",
  },
  bookings_open_with_mentor: {
    code: "too_many_requests_open",
    field: "expert_id",
    detail:
      "You have as many open requests with this mentor as you may have. Wait for the answer to one, or cancel one.",
  },
  bookings_open_in_all: {
    code: "too_many_requests_open",
    field: "expert_id",
    detail: "You have as many open requests as you may have. Wait for the answer to one, or cancel one.",
  },
  bookings_newcomers_from_network: {
    code: "too_many_sessions_ahead",
    field: "expert_id",
    detail:
      "New people from your network already have many sessions ahead with this mentor. Try again later, or from another network.",
  },
  time_requests_open_in_all: {
    code: "too_many_requests_open",
    field: "expert_id",
    detail: "You have as many open requests as you may have. Wait for the answer to one, or withdraw one.",
  },
  availability_slots_weekly_cap: capOf("day_of_week", ownedCaps.weekly_windows, "weekly windows"),
  availability_slots_dated_cap: capOf("specific_date", ownedCaps.dated_windows, "windows on dates"),
  blocked_dates_cap: capOf("date", ownedCaps.blocked_dates, "days off"),
  timezone_periods_cap: capOf("starts_on", ownedCaps.timezone_periods, "travels"),
  services_cap: capOf("title", ownedCaps.services, "services"),
  service_durations_cap: capOf("durations", ownedCaps.service_durations, "lengths of a service"),
  availability_alerts_cap: capOf("expert_id", ownedCaps.active_alerts, "availability alerts"),
  bookings_step_allowed: { code: "invalid_transition" },
  time_requests_step_allowed: { code: "time_request_closed" },
  time_requests_one_open_key: { code: "time_request_already_open" },
  time_requests_price_stands: {
    code: "price_mismatch",
    detail: "The price has changed since the student asked.",
  },
  reviews_booking_id_key: { code: "review_exists" },
  reviews_session_took_place: { code: "review_not_allowed" },
  no_show_claims_in_time: { code: "no_show_not_allowed" },
  no_show_claims_not_reviewed: {
    code: "no_show_not_allowed",
    detail: "The student has reviewed this session, so it took place.",
  },
  no_show_claims_one_key: { code: "no_show_exists" },
  no_show_claims_step_allowed: { code: "no_show_closed" },
  reviews_written_in_time: { code: "review_closed" },
  availability_alerts_active_key: { code: "availability_alert_exists" },
  bookings_cutoff_kept: { code: "cutoff_passed" },
  mentor_rooms_expert_id_fkey: { code: "not_a_mentor" },
  favourite_mentors_expert_id_fkey: { code: "mentor_not_found" },
  favourite_mentors_at_most_200: { code: "too_many_favourites" },
  availability_slots_replaces_on_a_date: {
    code: "validation_failed",
    field: "replaces_weekly",
    detail: "Only hours on a date can replace the weekly ones.",
  },
  timezone_periods_ends_after_start: {
    code: "validation_failed",
    field: "ends_on",
    detail: "The last day lies before the first.",
  },
  timezone_periods_no_overlap: { code: "timezone_periods_overlap", field: "starts_on" },
  timezone_exists: { code: "validation_failed", field: "timezone", detail: "We do not know this time zone." },
  services_seats_are_for_groups: {
    code: "validation_failed",
    field: "capacity",
    detail: "Only group sessions have more than one seat.",
  },
};
