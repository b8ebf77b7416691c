import { StartupError } from "../../platform/startupError.ts";

/** What holds for every function. */
const everywhere: readonly [from: RegExp, to: string][] = [
  // A question to several machines is kept in between, which takes columns.
  [/\bselect from\b/g, "select 1 from"],
  // Of an error on another machine, the constraint is not sent on; the hint is (constraintOf() in server/platform/errors.ts).
  [/, constraint = ('\w+'|\w+)/g, ", constraint = $1, hint = $1"],
];

/** Rows of several machines cannot be locked by a question; the change that follows takes each of them once. */
const withoutLock = (lock: string): [from: string, to: string] => [` ${lock} skip locked`, ""];

const stepByStep = /with recursive mentors [\s\S]*select id from mentors where id is not null/;
const mentorsOf = (table: string, condition: string) =>
  `select distinct t.expert_id from public.${table} t where t.${condition} and t.expert_id > after order by 1 limit most`;

const ofFunction: Readonly<Record<string, readonly [from: string | RegExp, to: string][]>> = {
  // Of an INSERT … SELECT … ON CONFLICT, Citus counts the selected rows: whether a key was taken before is always looked up.
  book_sessions: [["if claimed < keyed then", "if true then"]],
  claim_events: [withoutLock("for update of e")],
  claim_money_events: [withoutLock("for update of e")],
  claim_due_reminders: [withoutLock("for update")],
  archive_old_bookings: [withoutLock("for no key update")],
  delete_booking_origins: [withoutLock("for update")],
  delete_waitlist_entries: [withoutLock("for update")],
  expire_time_requests: [
    withoutLock("for no key update"),
    ["set status = 'expired' where", "set status = 'expired' where status = 'open' and"],
  ],
  expire_no_show_claims: [
    withoutLock("for no key update"),
    ["set state = 'unanswered' where", "set state = 'unanswered' where state = 'open' and"],
  ],
  // No machine can go from one mentor, or zone, to the next.
  mentors_with_waits: [[stepByStep, mentorsOf("waitlist_entries", "state = 'waiting'")]],
  mentors_with_alerts: [[stepByStep, mentorsOf("availability_alerts", "status = 'active'")]],
  expire_alerts: [
    withoutLock("for update"),
    [
      /with recursive zones [\s\S]*where z\.timezone is not null\s+limit most/,
      `select a.id from public.availability_alerts a
    where a.status = 'active' and a.to_date < private.wall_clock(now(), a.timezone)::date
    order by a.to_date limit most`,
    ],
  ],
  // The time is not asked for within a CASE.
  claim_deliveries: [
    ["select due.*,", "select due.*, now() as ends, now() + lease as lease_ends,"],
    ["then now() + lease else", "then j.lease_ends else"],
    ["then null else now() end", "then null else j.ends end"],
  ],
  // The rows of its statement are here, and cannot be joined with those of other machines: values can. All in one connection to
  // each machine, behind which the coordinator's own tables may be changed.
  suspect_entries: [
    [" SECURITY DEFINER\n", " SECURITY DEFINER\n SET citus.multi_shard_modify_mode TO 'sequential'\n"],
    [
      "mentors uuid[];\n",
      "mentors uuid[]; calendars uuid[]; refs text[]; etags text[]; uids text[]; waiting boolean[];\n",
    ],
    [
      "if tg_op = 'DELETE' then\n",
      "if tg_op = 'DELETE' then\n    select array_agg(calendar_id), array_agg(ref) into calendars, refs from old_objects;\n",
    ],
    ["from old_objects o\n", "from unnest(calendars, refs) o (calendar_id, ref)\n"],
    [
      "else\n",
      `else
    select array_agg(calendar_id), array_agg(ref), array_agg(etag), array_agg(uid), array_agg(awaits_read)
      into calendars, refs, etags, uids, waiting from new_objects;\n`,
    ],
    [
      "from new_objects o\n",
      "from unnest(calendars, refs, etags, uids, waiting) o (calendar_id, ref, etag, uid, awaits_read)\n",
    ],
  ],
};

/** A function's definition as Citus takes it. @throws StartupError if a part that is changed is not there any more */
export function adapt(name: string, definition: string): string {
  const general = everywhere.reduce((text, [from, to]) => text.replaceAll(from, to), definition);
  const [, own = ""] = /^private\.(\w+)\(/.exec(name) ?? [];
  return (ofFunction[own] ?? []).reduce((text, [from, to]) => {
    if (text.split(from).length !== 2) throw new StartupError(`${name} has not one "${from}" any more.`);
    return text.replace(from, () => to);
  }, general);
}
