import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { alertStatus } from "#contract/alerts.ts";
import { bookingEventKinds } from "#contract/bookings.ts";
import { purchaseStates } from "#contract/offers.ts";
import { sessionTypes } from "#contract/services.ts";
import { timeRequestStatuses } from "#contract/timeRequests.ts";
import { waitlistEntryStates, waitlistKinds, waitlistOfferStates } from "#contract/waitlist.ts";
import { bookingActors, bookingRoles, bookingStatuses } from "#rules/bookingState.ts";
import { countLimits, leastPayout, numberLimits, ownedCaps, textLimits } from "#rules/limits.ts";
import { currencies, minorPerMajor, moneyOf } from "#rules/money.ts";
import { offerLimits, shareLimits } from "#rules/moneyLimits.ts";
import { holdingStates, noShowStates } from "#rules/noShow.ts";
import {
  moneyEventKinds,
  paymentStates,
  paymentStatuses,
  refundStates,
  refundWhys,
} from "#rules/paymentState.ts";
import { allMutes, reminderLeads } from "#rules/topics.ts";
import { openTestDatabase, type TestDatabase } from "../../server/testing/testDatabase.ts";

let db: TestDatabase;
beforeAll(async () => {
  db = await openTestDatabase();
});
afterAll(() => db.drop());

const {
  sessionMinutes,
  slotIntervalMinutes,
  bufferMinutes,
  cutoffMinutes,
  decideMinutes,
  lateJoinMinutes,
  price,
  usernameCharacters,
} = numberLimits;
const range = ({ min, max }: { min: number; max: number }) => [min, max];
const minorPrice = range(price).map((amount) => moneyOf(amount, "INR").minor);
const username = [usernameCharacters.min - 2, usernameCharacters.max - 2];
const reason = [textLimits.reason];
const room = [1, textLimits.meetingNote];
const name = [textLimits.personName];
/** Two digits, with which a GSTIN begins. */
const stateCode = [2];

/** The limits of rules/ for each CHECK constraint with a number; [] where the number is no limit of the product. */
const numbers: Readonly<Record<string, readonly number[]>> = {
  admin_log_reason_length: [1, ...reason],
  availability_alerts_duration_range: range(sessionMinutes),
  billing_details_address_length: [1, textLimits.postalAddress],
  billing_details_gstin_of_state: stateCode,
  billing_details_name_length: [1, ...name],
  billing_details_state_code_form: stateCode,
  availability_alerts_range_length: [0, countLimits.slotDays - 1],
  availability_slots_day_of_week_range: range(numberLimits.dayOfWeek),
  blocked_dates_reason_length: reason,
  booking_events_reason_length: reason,
  booking_link_generations_counted: [0],
  // SHA-256.
  calendar_feeds_hash_length: [32],
  calendar_connections_name_length: [1, textLimits.connectionName],
  calendar_connections_server_url_length: [textLimits.calendarServer],
  calendar_connections_host_length: [1, textLimits.calendarHost],
  calendar_connections_username_length: [1, textLimits.email],
  // Sealed: at least a key's name, the nonce and the tag.
  calendar_connections_credential_length: [29, 20_000],
  calendar_connections_account_id_form: [1, 255],
  calendar_connections_granted_scopes_length: [2000],
  calendar_connections_problem_detail_length: [textLimits.providerMessage],
  calendar_connections_failures_range: [0],
  // What providers send: names of theirs.
  connected_calendars_remote_id_length: [1, 2000],
  connected_calendars_push_channel_length: [1, 200],
  connected_calendars_push_resource_length: [500],
  connected_calendars_name_length: [1, textLimits.calendarName],
  connected_calendars_timezone_length: [1, textLimits.timeZone],
  connected_calendars_push_secret_hash_length: [32],
  connected_calendars_color_form: [6],
  connected_calendars_entries_problem_detail_length: [textLimits.providerMessage],
  connected_calendars_entries_failures_range: [0],
  session_entries_ref_length: [1, 2000],
  session_entries_etag_length: [500],
  session_entries_uid_length: [1, 1000],
  session_entries_failures_range: [0],
  connected_objects_ref_length: [1, 2000],
  connected_objects_etag_length: [500],
  connected_objects_uid_length: [1000],
  connected_events_title_length: [textLimits.eventTitle],
  bookings_duration_range: range(sessionMinutes),
  bookings_meeting_note_length: room,
  bookings_meeting_url_length: [textLimits.meetingUrl],
  bookings_message_length: [textLimits.bookingMessage],
  bookings_total_amount_is_total: [minorPerMajor("INR")],
  bookings_total_range: [price.min],
  bookings_user_email_length: [textLimits.email],
  bookings_user_name_length: name,
  bookings_user_phone_length: [textLimits.phone],
  deliveries_address_length: [textLimits.email],
  document_series_form: [1, 3],
  document_series_number_fits: [0],
  documents_number_in_series_positive: [0],
  documents_number_length: [1, textLimits.documentNumber],
  documents_total_positive: [0],
  expert_profiles_bio_length: [textLimits.bio],
  expert_profiles_booking_window_range: range(numberLimits.bookingWindowDays),
  expert_profiles_buffer_after_range: range(bufferMinutes),
  expert_profiles_buffer_before_range: range(bufferMinutes),
  expert_profiles_expertise_count: [countLimits.expertise],
  expert_profiles_expertise_length: [countLimits.expertise, textLimits.tag],
  expert_profiles_full_name_length: [1, ...name],
  expert_profiles_headline_length: [textLimits.headline],
  expert_profiles_languages_count: [countLimits.languages],
  expert_profiles_languages_length: [countLimits.languages, textLimits.tag],
  expert_profiles_max_per_day_range: range(numberLimits.sessionsPerDay),
  expert_profiles_max_per_week_range: range(numberLimits.sessionsPerWeek),
  expert_profiles_minimum_notice_range: range(numberLimits.minimumNoticeMinutes),
  expert_profiles_rating_range: range(numberLimits.stars),
  expert_profiles_review_count_range: [0],
  expert_profiles_review_weight_range: [0],
  expert_profiles_slot_interval_range: range(slotIntervalMinutes),
  expert_profiles_username_form: username,
  former_usernames_form: username,
  idempotency_keys_key_length: [1, textLimits.idempotencyKey],
  ledger_accounts_never_below_zero: [0],
  ledger_transfers_amount_positive: [0],
  join_events_name_length: [1, ...name],
  made_meetings_failures_range: [0],
  made_meetings_ref_length: [1, textLimits.meetingRef],
  baskets_before_coupon_positive: [0],
  baskets_total_range: [0],
  bookings_series_place_range: [1, numberLimits.seriesSessions.max],
  series_before_coupon_positive: [0],
  series_duration_range: range(numberLimits.sessionMinutes),
  programmes_capacity_range: [2, numberLimits.seats.max],
  programmes_description_length: [textLimits.serviceDescription],
  programmes_duration_range: range(numberLimits.sessionMinutes),
  programmes_minimum_within_capacity: [1],
  programmes_price_range: minorPrice,
  programmes_title_length: [1, textLimits.serviceTitle],
  group_sessions_of_programme: [0, 3],
  group_sessions_programme_place_range: [1, numberLimits.seriesSessions.max],
  group_sessions_share_range: [0],
  group_sessions_capacity_range: [2, numberLimits.seats.max],
  group_sessions_decide_minutes_range: range(decideMinutes),
  group_sessions_late_join_range: range(lateJoinMinutes),
  group_sessions_minimum_within_capacity: [1],
  meeting_places_address_length: [1, textLimits.postalAddress],
  meeting_places_map_url_length: [textLimits.meetingUrl],
  meeting_places_phone_length: [textLimits.phone],
  mentor_rooms_meeting_note_length: room,
  mentor_rooms_meeting_url_length: [textLimits.meetingUrl],
  money_settings_fee_range: range(shareLimits.basisPoints),
  money_settings_one_row: [1],
  no_show_claims_answer_length: [1, ...reason],
  no_show_claims_reason_length: [1, ...reason],
  notification_settings_leads_known: [...reminderLeads, countLimits.reminders],
  occupancies_capacity_positive: [1],
  occupancies_empty_is_scheduled: [0],
  occupancies_seats_taken_counted: [0],
  platform_details_gstin_of_state: stateCode,
  platform_details_one_row: [1],
  platform_details_rate_range: range(shareLimits.basisPoints),
  platform_details_state_code_form: stateCode,
  profiles_full_name_length: [1, ...name],
  passkeys_name_length: [1, textLimits.passkeyName],
  // What providers send: their ids, and the bodies of their webhooks.
  payment_attempts_attempt_id_length: [1, 255],
  payment_attempts_settlement_id_length: [1, 255],
  payment_attempts_captured_when_captured: [0],
  payment_attempts_refunds_within_capture: [0],
  payment_events_body_length: [256 * 1024],
  payment_orders_order_id_length: [1, 255],
  coupons_amount_range: [1, price.max * 100],
  coupons_basis_points_range: range({
    min: offerLimits.couponPercent.min * 100,
    max: offerLimits.couponPercent.max * 100,
  }),
  // One character and the others.
  coupons_code_form: [offerLimits.couponCodeCharacters.min - 1, offerLimits.couponCodeCharacters.max - 1],
  coupons_max_uses_per_student_range: range(offerLimits.couponUses),
  coupons_max_uses_range: range(offerLimits.couponUses),
  // Either a percentage or an amount.
  coupons_one_discount: [1],
  coupons_service_ids_count: [1, ownedCaps.services],
  credit_uses_share_range: [0],
  package_purchases_price_positive: [0],
  package_purchases_sessions_positive: [0],
  packages_minutes_range: range(sessionMinutes),
  packages_price_range: [1, price.max * 100],
  packages_sessions_range: range(offerLimits.packageSessions),
  packages_valid_days_range: range(offerLimits.packageDays),
  payments_amount_positive: [0],
  payments_refunds_within_captures: [0],
  // The last digits and characters that are shown.
  payout_accounts_bank_hint_form: [4],
  payout_accounts_linked_hint_form: [4],
  payout_reversals_amount_positive: [0],
  payout_reversals_reversal_id_length: [1, 255],
  payout_runs_filled_first: [0],
  payout_settings_approval_above_range: [0],
  payout_settings_one_row: [1],
  payouts_bank_reference_form: [6, 40],
  payouts_method_has_cause: [0, 2],
  payouts_reversed_within_amount: [0],
  payouts_transfer_id_length: [1, 255],
  refunds_amount_positive: [0],
  review_replies_body_length: [1, textLimits.reviewReply],
  reviews_comment_length: [1, textLimits.reviewComment],
  reviews_rating_range: range(numberLimits.stars),
  // What the sandbox takes, as another company: our ids are shorter.
  sandbox_attempts_amount_positive: [0],
  sandbox_orders_amount_positive: [0],
  sandbox_orders_description_length: [500],
  sandbox_orders_reference_length: [1, 100],
  sandbox_refunds_amount_positive: [0],
  sandbox_refunds_reference_length: [1, 100],
  sandbox_reversals_amount_positive: [0],
  sandbox_reversals_reference_length: [1, 100],
  sandbox_transfers_account_length: [1, 100],
  sandbox_transfers_amount_positive: [0],
  sandbox_transfers_reference_length: [1, 100],
  service_durations_minutes_range: range(sessionMinutes),
  service_durations_price_range: minorPrice,
  services_cancel_cutoff_range: range(cutoffMinutes),
  services_capacity_range: range(numberLimits.seats),
  services_decide_minutes_range: range(decideMinutes),
  services_groups_alone_are_scheduled: [1],
  services_late_join_range: range(lateJoinMinutes),
  services_minimum_within_capacity: [1],
  services_description_length: [textLimits.serviceDescription],
  services_recording_price_range: minorPrice,
  services_reschedule_cutoff_range: range(cutoffMinutes),
  services_refund_full_cutoff_range: range(cutoffMinutes),
  services_refund_partial_cutoff_range: range(cutoffMinutes),
  services_refund_partial_percent_range: range(shareLimits.refundPercent),
  services_seats_are_for_groups: [1],
  services_title_length: [1, textLimits.serviceTitle],
  student_notes_body_length: [1, textLimits.studentNote],
  tax_settings_address_length: [1, textLimits.postalAddress],
  waitlist_entries_duration_range: range(sessionMinutes),
  waitlist_entries_range_length: [0, countLimits.slotDays - 1],
  // None is null.
  tax_settings_enabled_when_complete: [0],
  tax_settings_gstin_of_state: stateCode,
  tax_settings_legal_name_length: [1, ...name],
  tax_settings_rate_range: range(shareLimits.basisPoints),
  // 99 and four digits.
  tax_settings_sac_form: [4],
  tax_settings_state_code_form: stateCode,
  time_proposals_at_most_three: [1, countLimits.proposedTimes],
  time_requests_duration_range: range(sessionMinutes),
  time_requests_message_length: [textLimits.bookingMessage],
  time_requests_reason_length: reason,
  time_requests_round_range: [1, countLimits.proposalRounds],
  time_requests_total_range: [price.min],
  time_requests_user_email_length: [textLimits.email],
  time_requests_user_name_length: name,
  // The length of a SHA-256 hash; the one change more than offsets.
  sessions_token_hashed: [43],
  zone_rules_fit: [1],
};

/** Lists of words, each with the constraint that allows no others. */
const words: Readonly<Record<string, readonly string[]>> = {
  availability_alerts_status_known: alertStatus.options,
  waitlist_entries_kind_known: waitlistKinds,
  waitlist_entries_state_known: waitlistEntryStates,
  waitlist_offers_state_known: waitlistOfferStates,
  booking_events_actor_known: bookingActors,
  booking_events_kind_known: bookingEventKinds,
  bookings_payment_status_known: paymentStatuses,
  bookings_status_known: bookingStatuses,
  bookings_status_when_paid_known: ["pending", "confirmed"],
  coupons_currency_known: currencies,
  packages_currency_known: currencies,
  package_purchases_state_known: purchaseStates,
  credit_uses_state_known: ["reserved", "used", "returned"],
  payments_state_known: paymentStates,
  refunds_state_known: refundStates,
  refunds_why_known: refundWhys,
  money_events_kind_known: moneyEventKinds,
  no_show_claims_claimed_by_known: bookingRoles,
  no_show_claims_state_known: noShowStates,
  services_currency_known: currencies,
  notification_settings_muted_known: allMutes,
  services_session_type_known: sessionTypes,
  time_proposals_proposed_by_known: bookingRoles,
  time_requests_awaiting_known: bookingRoles,
  time_requests_currency_known: currencies,
  time_requests_status_known: timeRequestStatuses,
};

/** The numbers of an expression that are not part of a text; a regular expression counts with its {1,28} and {43}. */
function numbersIn(definition: string): number[] {
  const repeats = [...definition.matchAll(/\{(\d+)(?:,(\d+))?\}/g)].flatMap(([, from, to]) => [from, to]);
  const plain = definition.replace(/'[^']*'/g, "").match(/\b\d+\b/g) ?? [];
  return [...repeats, ...plain].flatMap((digits) => (digits === undefined ? [] : [Number(digits)]));
}

async function readChecks(client: TestDatabase["owner"]): Promise<Map<string, string>> {
  const { rows } = await client.query<{ name: string; definition: string }>(`
    select conname as name, pg_get_constraintdef(oid) as definition from pg_constraint
    where contype = 'c' and connamespace in ('public'::regnamespace, 'private'::regnamespace, 'auth'::regnamespace)`);
  return new Map(rows.map(({ name, definition }) => [name, definition]));
}

/** Constraints whose numbers are not those of rules/. `chr(32)` and the like of …_clean are characters. */
function strayNumbers(checks: ReadonlyMap<string, string>): string[] {
  return [...checks]
    .filter(([name]) => !name.endsWith("_clean"))
    .filter(([name, definition]) => numbersIn(definition).join() !== (numbers[name] ?? []).join())
    .map(([name, definition]) => `${name}: ${definition}`);
}

it("the least payout is that of rules/limits.ts", async () => {
  const { rows } = await db.owner.query<{ least: number }>("select private.payout_minimum('csv') as least");
  expect(rows[0]?.least).toBe(moneyOf(leastPayout, "INR").minor);
});

describe("CHECK constraints", () => {
  it("hold the numbers of rules/limits.ts and no others", async () => {
    const checks = await readChecks(db.owner);
    expect(strayNumbers(checks)).toEqual([]);
    expect(Object.keys(numbers).filter((name) => !checks.has(name))).toEqual([]);
  });

  it("twin: another number, and a constraint that is missing in rules/, are found", async () => {
    await db.owner.query("begin");
    await db.owner.query(`
      alter table blocked_dates drop constraint blocked_dates_reason_length,
        add constraint blocked_dates_reason_length check (char_length(reason) <= 501);
      alter table blocked_dates add constraint blocked_dates_soon check (date < '2999-01-01' and expert_id is not null
        and char_length(reason) <> 7)`);
    const found = strayNumbers(await readChecks(db.owner));
    await db.owner.query("rollback");
    expect(found.map((line) => line.split(":")[0]).sort()).toEqual([
      "blocked_dates_reason_length",
      "blocked_dates_soon",
    ]);
  });

  it.each(Object.entries(words))("%s allows the words of the code", async (name, list) => {
    const definition = (await readChecks(db.owner)).get(name) ?? "";
    expect([...definition.matchAll(/'([\w:]+)'::text/g)].map(([, word]) => word)).toEqual([...list]);
  });

  it("twin: a word more is found", () => {
    const definition = "CHECK ((status = ANY (ARRAY['pending'::text, 'paid'::text])))";
    expect([...definition.matchAll(/'(\w+)'::text/g)].map(([, word]) => word)).toEqual(["pending", "paid"]);
  });
});

const sourceOf = async (name: string): Promise<string> => {
  const { rows } = await db.owner.query<{ source: string }>(
    "select pg_get_functiondef(p.oid) as source from pg_proc p where p.oid = to_regproc($1)::oid",
    [name],
  );
  expect(rows).toHaveLength(1);
  return rows[0]?.source ?? "";
};

it("favourite mentors have their cap in the database", async () => {
  const [, most] = />= (\d+)/.exec(await sourceOf("private.limit_favourites")) ?? [];
  expect(Number(most)).toBe(countLimits.favourites);
});

it("the same reports hold up a session in the database", async () => {
  const [, states = ""] = /state in \(([^)]*)\)/.exec(await sourceOf("private.has_no_show")) ?? [];
  expect(states.match(/\w+/g)).toEqual([...holdingStates]);
});
