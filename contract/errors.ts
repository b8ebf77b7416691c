/**
 * Every error the API can answer: its HTTP status and the sentence a person reads. Routes answer RFC 9457 problem
 * documents whose `code` is one of these keys; the reference in docs/errors.md is tested against this table.
 */
export const errors = {
  unauthenticated: { status: 401, title: "You must be logged in." },
  link_invalid: { status: 401, title: "This link is not valid, or no longer." },
  invalid_credentials: { status: 401, title: "The e-mail address or the password is not right." },
  forbidden: { status: 403, title: "You may not do this." },
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
  request_in_progress: { status: 409, title: "The same request is still being worked on." },
  hours_changed: { status: 412, title: "Your hours have been changed elsewhere since you opened them." },
  body_too_large: { status: 413, title: "This request is too large." },
  unsupported_media_type: { status: 415, title: "Send JSON." },
  malformed_request: { status: 400, title: "This request cannot be read." },
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

/** The database's named constraints and what a person should be told when one of them speaks. */
export const constraintErrors: Readonly<
  Record<string, { code: ErrorCode; field?: string; detail?: string }>
> = {
  occupancies_no_overlap: { code: "slot_taken" },
  occupancies_seats_within_capacity: { code: "slot_taken" },
  bookings_one_seat_each: { code: "already_booked", field: "scheduled_time" },
  expert_profiles_username_key: { code: "username_taken", field: "username" },
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
  bookings_in_future: { code: "slot_unavailable", field: "scheduled_time", detail: "This time has passed." },
  bookings_step_allowed: { code: "invalid_transition" },
  time_requests_step_allowed: { code: "time_request_closed" },
  time_requests_one_open_key: { code: "time_request_already_open" },
  time_requests_price_stands: {
    code: "price_mismatch",
    detail: "The price has changed since the student asked.",
  },
  availability_alerts_active_key: { code: "availability_alert_exists" },
  bookings_cutoff_kept: { code: "cutoff_passed" },
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
  timezone_exists: { code: "validation_failed", field: "timezone", detail: "This time zone does not exist." },
  services_seats_are_for_groups: {
    code: "validation_failed",
    field: "capacity",
    detail: "Only group sessions have more than one seat.",
  },
};
