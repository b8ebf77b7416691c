/** Titles of the API's errors, by code: the API sends them to people and scripts, and docs/errors.md lists them. */
import { countLimits, ownedCaps } from "#rules/limits.ts";
import { windowDays } from "#rules/windows.ts";
import { count } from "./language.ts";

export const errorTitles = {
  unauthenticated: "You must be signed in.",
  link_invalid: "This link has expired or isn’t valid.",
  invalid_credentials: "Wrong e-mail or password.",
  forbidden: "You don’t have permission to do this.",
  address_not_confirmed: "This mentor only takes bookings from confirmed e-mail addresses.",
  not_a_mentor: "Create your mentor profile first.",
  not_found: "Not found.",
  mentor_not_found: "This mentor doesn’t exist.",
  service_not_found: "This service doesn’t exist.",
  availability_slot_not_found: "These hours don’t exist.",
  blocked_date_not_found: "This day off doesn’t exist.",
  timezone_period_not_found: "This trip doesn’t exist.",
  booking_not_found: "This booking doesn’t exist, or it isn’t yours.",
  time_request_not_found: "This request doesn’t exist, or it isn’t yours.",
  availability_alert_not_found: "This alert doesn’t exist, or it isn’t yours.",
  student_not_found: "This student doesn’t exist, or has never booked with you.",
  review_not_found: "This review doesn’t exist.",
  request_timeout: "The request took too long to arrive.",
  method_not_allowed: "Method not allowed here.",
  slot_taken: "That time was just taken.",
  already_booked: "You already have a seat in this session.",
  username_taken: "This username is already taken.",
  already_a_mentor: "You already have a mentor profile.",
  date_already_blocked: "You already have this day off.",
  duplicate_window: "You already have these hours.",
  timezone_periods_overlap: "You already have a trip on some of these days.",
  invalid_transition: "This booking can no longer be changed this way.",
  cutoff_passed: "It’s too late to change this booking.",
  time_request_closed: "This request can no longer be answered this way.",
  time_request_already_open: "You already have an open request with this mentor.",
  times_already_free: "There are already free times on these days.",
  availability_alert_exists: "You already have an alert for these days.",
  no_show_not_allowed: "A no-show can’t be reported for this session.",
  no_show_exists: "A no-show has already been reported.",
  no_show_closed: "This report is closed.",
  review_exists: "You’ve already reviewed this session.",
  review_not_allowed: "Only sessions that took place can be reviewed.",
  review_closed: `A review can only be changed for ${windowDays("reviewChange")} days.`,
  too_many_favourites: `You’ve reached the limit of ${countLimits.favourites} favourite mentors.`,
  another_user: "Another person is signed in now.",
  too_many_requests_open: "You’ve reached the limit of open requests.",
  too_many_sessions_ahead: "You’ve reached the limit of upcoming sessions.",
  cap_reached: "You’ve reached the limit.",
  request_in_progress: "The same request is still being processed.",
  hours_changed: "Your hours have changed since you opened them.",
  review_changed: "This review has changed since you opened it.",
  note_changed: "These notes have changed since you opened them.",
  body_too_large: "The request is too large.",
  unsupported_media_type: "The request body must be JSON.",
  unknown_host: "This server doesn’t serve this host name.",
  malformed_request: "The request can’t be read.",
  account_not_created: "We couldn’t create an account with this e-mail address and password.",
  validation_failed: "Some fields aren’t valid.",
  price_mismatch: "The price has changed.",
  slot_unavailable: "The mentor doesn’t offer this time.",
  own_session: "You can’t book a session with yourself.",
  idempotency_key_reused: "This Idempotency-Key was used for another request.",
  rate_limited: "Too many requests. Please try again in a moment.",
  internal: "Something went wrong on our side.",
  overloaded: "We’re very busy right now. Please try again in a moment.",
  database_unavailable: "MatePeak isn’t available right now. Please try again.",
};

const limitReached = (most: number, forms: { one: string; other: string }) =>
  `You can have at most ${count(most, forms)}. Remove one before you add another.`;

/** For constraints of the database that need a more specific sentence than the error's title. */
export const constraintDetails = {
  addressNotConfirmed:
    "This mentor only takes bookings from confirmed e-mail addresses, and yours isn’t confirmed.",
  firstIsApproved: "This mentor approves first sessions personally.",
  sessionsAheadWithMentor:
    "You’ve reached the limit of upcoming sessions with this mentor. You can book another one after the next session.",
  requestsOpenWithMentor:
    "You’ve reached the limit of open requests with this mentor. Wait for a reply, or cancel a request.",
  requestsOpen: "You’ve reached the limit of open requests. Wait for a reply, or cancel a request.",
  timeRequestsOpen: "You’ve reached the limit of open requests. Wait for a reply, or withdraw a request.",
  newcomersFromNetwork:
    "New people from your network already have many upcoming sessions with this mentor. Try again later, or from another network.",
  priceChangedSinceRequest: "The price has changed since the student asked.",
  sessionReviewed: "The student has reviewed this session, so it took place.",
  seatsAreForGroups: "Only group sessions can have more than one seat.",
  weeklyWindows: limitReached(ownedCaps.weekly_windows, { one: "weekly window", other: "weekly windows" }),
  datedWindows: limitReached(ownedCaps.dated_windows, {
    one: "date-specific window",
    other: "date-specific windows",
  }),
  blockedDates: limitReached(ownedCaps.blocked_dates, { one: "day off", other: "days off" }),
  timezonePeriods: limitReached(ownedCaps.timezone_periods, { one: "trip", other: "trips" }),
  services: limitReached(ownedCaps.services, { one: "service", other: "services" }),
  serviceDurations: limitReached(ownedCaps.service_durations, {
    one: "length per service",
    other: "lengths per service",
  }),
  activeAlerts: limitReached(ownedCaps.active_alerts, { one: "alert", other: "alerts" }),
};
