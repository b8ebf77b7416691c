/**
 * What a deletion does to every table and column that may have a person in it. private.erase_person() and
 * private.forget_login() in db/schema/personalData/logic.sql do it; erasure.test.ts compares the two with the database: a
 * table without a rule fails it, and so does a column that may have a person in it.
 */
type TableRule =
  /** All rows about the person are deleted. */
  | { rows: "deleted" }
  /** Has no rows about people. */
  | { rows: "impersonal"; because: string }
  /** Rows stay. Each personal column is emptied, or kept for a reason. */
  | { rows: "kept"; because: string; columns: Readonly<Record<string, "emptied" | { kept: string }>> };

const pseudonym = { kept: "an id that leads to nobody: the account behind it has no name and no address" };
const otherSide = { kept: "the mentor's id: their side's record" };
const zone = { kept: "the clock on which the session was agreed; says no more than a country" };

export const erasureRules: Readonly<Record<string, TableRule>> = {
  "auth.users": {
    rows: "kept",
    because: "bookings, reviews and requests refer to it (docs/decisions/0054)",
    columns: { id: pseudonym, name: "emptied", email: "emptied", image: "emptied" },
  },
  "auth.sessions": { rows: "deleted" },
  "auth.accounts": { rows: "deleted" },
  "auth.passkeys": { rows: "deleted" },
  "auth.two_factors": { rows: "deleted" },
  "auth.verifications": { rows: "deleted" },
  "public.profiles": { rows: "deleted" },
  "public.notification_settings": { rows: "deleted" },
  "public.calendar_feeds": { rows: "deleted" },
  "public.favourite_mentors": { rows: "deleted" },
  "public.availability_alerts": { rows: "deleted" },
  "public.student_notes": { rows: "deleted" },
  "public.mentor_rooms": { rows: "deleted" },
  "public.availability_slots": { rows: "deleted" },
  "public.blocked_dates": { rows: "deleted" },
  "public.timezone_periods": { rows: "deleted" },
  "public.former_usernames": { rows: "deleted" },
  "public.review_replies": { rows: "deleted" },
  "public.booking_link_generations": { rows: "deleted" },
  "public.tax_settings": { rows: "deleted" },
  "public.billing_details": { rows: "deleted" },
  "private.booking_origins": { rows: "deleted" },
  "private.idempotency_keys": { rows: "deleted" },
  "private.reminders": { rows: "deleted" },
  "private.unreachable_addresses": { rows: "deleted" },
  "private.administrators": { rows: "deleted" },

  "public.expert_profiles": {
    rows: "kept",
    because: "the sessions of the mentor's students refer to it; the page is hidden",
    columns: {
      id: pseudonym,
      username: "emptied",
      full_name: "emptied",
      headline: "emptied",
      bio: "emptied",
      expertise: "emptied",
      languages: "emptied",
      search_text: "emptied",
      search_name: "emptied",
      search_words: "emptied",
      timezone: zone,
      hidden_because: { kept: "says that the account is deleted" },
    },
  },
  "public.services": {
    rows: "kept",
    because: "past sessions are sessions of a service",
    columns: {
      expert_id: pseudonym,
      session_type: { kept: "one of a list" },
      title: { kept: "what the student booked and paid for" },
      description: "emptied",
      currency: { kept: "one of a list" },
    },
  },
  "public.service_durations": {
    rows: "kept",
    because: "lengths and prices of the services",
    columns: { expert_id: pseudonym },
  },
  "public.occupancies": {
    rows: "kept",
    because: "taken time of past sessions: names no student",
    columns: { expert_id: pseudonym, state: { kept: "one of a list" } },
  },
  "public.schedule_revisions": {
    rows: "kept",
    because: "a counter, which is also the lock of the mentor's rows",
    columns: { expert_id: pseudonym },
  },
  "public.bookings": {
    rows: "kept",
    because: "the other side's sessions, and the amounts that the law wants kept",
    columns: {
      user_id: pseudonym,
      expert_id: pseudonym,
      user_name: "emptied",
      user_email: "emptied",
      user_phone: "emptied",
      message: "emptied",
      meeting_url: "emptied",
      meeting_note: "emptied",
      session_type: { kept: "one of a list" },
      scheduled_time: zone,
      status: { kept: "one of a list" },
      currency: { kept: "one of a list" },
      student_timezone: zone,
      mentor_timezone: zone,
      payment_status: { kept: "one of a list" },
      status_when_paid: { kept: "one of a list" },
      price_lines: { kept: "kinds and amounts of what was paid for" },
    },
  },
  "public.booking_events": {
    rows: "kept",
    because: "the history of the other side's sessions",
    columns: {
      expert_id: pseudonym,
      actor_id: pseudonym,
      kind: { kept: "one of a list" },
      actor: { kept: "student, mentor or system" },
      from_status: { kept: "one of a list" },
      to_status: { kept: "one of a list" },
      reason: "emptied",
    },
  },
  "public.coupons": {
    rows: "kept",
    because: "discounts that bookings refer to",
    columns: {
      expert_id: pseudonym,
      code: { kept: "a word that the mentor gave to students" },
      currency: { kept: "one of a list" },
    },
  },
  "public.coupon_uses": {
    rows: "kept",
    because: "which booking was cheaper, and why",
    columns: { expert_id: pseudonym, user_id: pseudonym },
  },
  "public.packages": {
    rows: "kept",
    because: "bought packages refer to it",
    columns: { expert_id: pseudonym, currency: { kept: "one of a list" } },
  },
  "public.package_purchases": {
    rows: "kept",
    because: "what was bought: tax law wants it for years, and its sessions may still be owed",
    columns: {
      expert_id: pseudonym,
      user_id: pseudonym,
      currency: { kept: "one of a list" },
      state: { kept: "one of a list" },
    },
  },
  "public.credit_uses": {
    rows: "kept",
    because: "which sessions a package has paid for",
    columns: { expert_id: pseudonym, state: { kept: "one of a list" }, currency: { kept: "one of a list" } },
  },
  "public.payments": {
    rows: "kept",
    because: "what was paid: tax law wants it for years, and a refund may still be on its way",
    columns: {
      expert_id: pseudonym,
      user_id: pseudonym,
      provider: { kept: "one of a list" },
      capture: { kept: "one of a list" },
      currency: { kept: "one of a list" },
      state: { kept: "one of a list" },
      closed_because: { kept: "one of a list" },
      attention: { kept: "words of a list" },
    },
  },
  "public.payment_attempts": {
    rows: "kept",
    because: "as payments",
    columns: {
      expert_id: pseudonym,
      attempt_id: { kept: "the provider's id, under which the money is found" },
      state: { kept: "one of a list" },
      currency: { kept: "one of a list" },
      method: { kept: "card, upi and the like: no number" },
      failure_code: { kept: "one of a list of the provider" },
      failure_message: "emptied",
      dispute: { kept: "one of a list" },
      verdict: { kept: "one of a list" },
    },
  },
  "public.refunds": {
    rows: "kept",
    because: "as payments",
    columns: {
      expert_id: pseudonym,
      currency: { kept: "one of a list" },
      why: { kept: "one of a list" },
      state: { kept: "one of a list" },
      provider_refund_id: { kept: "the provider's id, under which the money is found" },
      failure: "emptied",
    },
  },
  "public.money_events": {
    rows: "kept",
    because: "the history of payments",
    columns: {
      expert_id: pseudonym,
      user_id: pseudonym,
      kind: { kept: "one of a list" },
      currency: { kept: "one of a list" },
      detail: "emptied",
    },
  },
  "private.payment_orders": {
    rows: "kept",
    because: "the only way from the provider's word to a payment",
    columns: {
      provider: { kept: "one of a list" },
      order_id: { kept: "the provider's id, under which the money is found" },
      expert_id: pseudonym,
    },
  },
  "private.payment_events": {
    rows: "kept",
    because: "that an event was processed, for 90 days: it may be sent again",
    columns: {
      provider: { kept: "one of a list" },
      event_id: { kept: "the provider's id of the event" },
      kind: { kept: "one of a list of the provider" },
      order_id: { kept: "the provider's id, under which the money is found" },
      verdict: { kept: "one of a list" },
      body: "emptied",
    },
  },
  "private.ledger_transfers": {
    rows: "kept",
    because: "the books: amounts between accounts, which are ids",
    columns: {
      expert_id: pseudonym,
      kind: { kept: "one of a list" },
      from_kind: { kept: "one of a list" },
      to_kind: { kept: "one of a list" },
      currency: { kept: "one of a list" },
    },
  },
  "private.ledger_accounts": {
    rows: "kept",
    because: "balances of the books",
    columns: {
      expert_id: pseudonym,
      kind: { kept: "one of a list" },
      currency: { kept: "one of a list" },
    },
  },
  "public.documents": {
    rows: "kept",
    because:
      "receipts and invoices that were issued: tax law wants them unchanged, for six years and more (docs/decisions/0060)",
    columns: {
      expert_id: pseudonym,
      user_id: pseudonym,
      kind: { kept: "one of a list" },
      series: { kept: "letters of a series" },
      number: { kept: "the number under which the law asks for it" },
      currency: { kept: "one of a list" },
      content: {
        kept: "names, addresses and amounts as they were issued; no e-mail address or phone number",
      },
    },
  },
  "private.document_series": {
    rows: "kept",
    because: "the last number of a mentor's documents: without it numbers would be given twice",
    columns: { issuer_id: pseudonym, series: { kept: "letters of a series" } },
  },
  "private.payout_accounts": {
    rows: "kept",
    because: "money that is held or on its way must still arrive; deleted by a job once nothing is owed",
    columns: {
      expert_id: pseudonym,
      bank_sealed: { kept: "encrypted: where the money goes" },
      bank_hint: { kept: "four digits" },
      linked_sealed: { kept: "encrypted: where the money goes" },
      linked_hint: { kept: "four characters" },
    },
  },
  "public.payouts": {
    rows: "kept",
    because: "amounts that were paid out, which tax law wants kept",
    columns: {
      expert_id: pseudonym,
      currency: { kept: "one of a list" },
      method: { kept: "one of a list" },
      state: { kept: "one of a list" },
      bank_reference: { kept: "of the bank's transfer" },
      transfer_id: { kept: "of the provider's transfer" },
      paid_to: { kept: "four characters" },
      sealed_account: { kept: "encrypted; removed when the transfer has ended" },
      failure: { kept: "why a transfer failed, in the words of a bank, a provider or an administrator" },
    },
  },
  "public.payout_reversals": {
    rows: "kept",
    because: "amounts that came back for refunds",
    columns: {
      expert_id: pseudonym,
      currency: { kept: "one of a list" },
      state: { kept: "one of a list" },
      reversal_id: { kept: "of the provider" },
      failure: { kept: "why the provider refused" },
    },
  },
  "private.sandbox_orders": {
    rows: "kept",
    because: "orders at the sandbox, a provider that moves no money, with the amounts that were agreed",
    columns: {
      id: { kept: "random" },
      reference: { kept: "the payment's id" },
      currency: { kept: "one of a list" },
      capture: { kept: "one of a list" },
      description: "emptied",
      state: { kept: "one of a list" },
      webhooks: { kept: "one of a list" },
    },
  },
  "private.sandbox_attempts": { rows: "impersonal", because: "attempts of imaginary payers" },
  "private.sandbox_refunds": { rows: "impersonal", because: "amounts, and the ids of refunds" },
  "private.sandbox_transfers": {
    rows: "impersonal",
    because: "amounts, and the ids of payouts and accounts",
  },
  "private.sandbox_reversals": { rows: "impersonal", because: "amounts and ids" },
  "public.no_show_claims": {
    rows: "kept",
    because: "whether the other side's session took place",
    columns: {
      expert_id: pseudonym,
      claimed_by: { kept: "student or mentor" },
      state: { kept: "one of a list" },
      reason: "emptied",
      answer: "emptied",
    },
  },
  "public.time_requests": {
    rows: "kept",
    because: "the other side's requests, with amounts",
    columns: {
      user_id: pseudonym,
      expert_id: pseudonym,
      currency: { kept: "one of a list" },
      message: "emptied",
      user_name: "emptied",
      user_email: "emptied",
      student_timezone: zone,
      status: { kept: "one of a list" },
      awaiting: { kept: "student or mentor" },
      reason: "emptied",
    },
  },
  "public.time_proposals": {
    rows: "kept",
    because: "the times of the other side's requests",
    columns: { expert_id: pseudonym, proposed_by: { kept: "student or mentor" } },
  },
  "public.reviews": {
    rows: "kept",
    because: "part of the mentor's public record; the author is warned before, and can withdraw them first",
    columns: {
      user_id: pseudonym,
      expert_id: pseudonym,
      author: "emptied",
      comment: { kept: "what was published about the mentor" },
    },
  },
  "private.review_events": {
    rows: "kept",
    because: "stars and dates, for the operator",
    columns: { expert_id: pseudonym, kind: { kept: "one of a list" }, actor_id: pseudonym },
  },
  "public.notifications": {
    rows: "kept",
    because: "the person's own are deleted; the other side's stay without the name",
    columns: {
      user_id: otherSide,
      kind: { kept: "one of a list" },
      payload: "emptied",
      dedupe_key: { kept: "names the occasion by ids" },
    },
  },
  "private.deliveries": {
    rows: "kept",
    because: "the person's own are deleted; the other side's that are not sent yet go without the name",
    columns: {
      channel: { kept: "one of a list" },
      user_id: otherSide,
      address: { kept: "of the other side; the row of the last mail is deleted" },
      kind: { kept: "one of a list" },
      occasion: { kept: "names the occasion by ids" },
      content: "emptied",
      sealed_code: { kept: "encrypted, and of the other side" },
      state: { kept: "one of a list" },
      last_error: { kept: "of the other side's mail server" },
    },
  },
  "private.closed_accounts": {
    rows: "kept",
    because: "is what says that the account is deleted",
    columns: {
      user_id: pseudonym,
      why: { kept: "suspended or deleted" },
      step: { kept: "one of a list" },
      address: "emptied",
      former_username: "emptied",
    },
  },
  "private.admin_log": {
    rows: "kept",
    because: "what administrators did is never erased; it has ids and no names",
    columns: {
      actor_id: pseudonym,
      action: { kept: "one of a list" },
      subject_id: pseudonym,
      details: { kept: "ids and numbers" },
      reason: { kept: "why an account was suspended, in an administrator's words" },
      request_id: { kept: "of the server's log" },
    },
  },
  "private.local_mail": {
    rows: "kept",
    because:
      "mail that has arrived is the recipient's; the local mailbox is a developer's, without a mail server, and empties itself",
    columns: {
      address: { kept: "as above" },
      subject: { kept: "as above" },
      source: { kept: "as above" },
    },
  },

  "private.reconciliations": { rows: "impersonal", because: "numbers, and ids of payments and orders" },
  "private.money_settings": { rows: "impersonal", because: "the platform's configuration" },
  "private.call_counts": { rows: "impersonal", because: "keyed hashes, for an hour at most" },
  "private.payout_runs": { rows: "impersonal", because: "ids of administrators and times" },
  "private.payout_settings": { rows: "impersonal", because: "one amount" },
  "private.demo_removals": { rows: "impersonal", because: "one date" },
  "private.platform_details": {
    rows: "impersonal",
    because: "who runs the platform, from its configuration",
  },
  "private.schema_migrations": { rows: "impersonal", because: "names of files" },
  "private.zone_rules": { rows: "impersonal", because: "the world's time zones" },
};
