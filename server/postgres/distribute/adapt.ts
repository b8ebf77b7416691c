import { StartupError } from "../../platform/startupError.ts";

/** What holds for every function. */
const everywhere: readonly [from: RegExp, to: string][] = [
  // A question to several machines is kept in between, which takes columns.
  [/\bselect from\b/g, "select 1 from"],
  // Of an error on another machine, the constraint is not sent on; the hint is (constraintOf() in server/platform/errors.ts).
  [/, constraint = ('\w+'|\w+)/g, ", constraint = $1, hint = $1"],
];

/** Rows of several machines cannot be locked by a question; the update that follows takes each of them once. */
const withoutLock: readonly [string, string][] = [["for update of e skip locked", ""]];

const ofFunction: Readonly<Record<string, readonly [from: string, to: string][]>> = {
  // Of an INSERT … SELECT … ON CONFLICT, Citus counts the selected rows: whether a key was taken before is always looked up.
  book_sessions: [["if claimed < keyed then", "if true then"]],
  claim_events: withoutLock,
  claim_money_events: withoutLock,
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
    if (text.split(from).length !== 2)
      throw new StartupError(`${name} has not one "${from.trim()}" any more.`);
    return text.replace(from, () => to);
  }, general);
}
