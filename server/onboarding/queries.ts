import { username as usernameRule } from "#contract/mentors.ts";
import { type MentorSetup, setupParts, type UsernameAnswer } from "#contract/onboarding.ts";
import { numberLimits } from "#rules/limits.ts";
import type { EpochMs, LocalDate } from "#scheduling/units.ts";
import { wallClockOf } from "#scheduling/zonedTime.ts";
import type { Queryable, UserTx } from "../platform/database/database.ts";
import { findFreeUsernames } from "../platform/database/directory.ts";
import { Refusal } from "../platform/errors.ts";

const suggestionCount = 3;
const endings = ["-mentor", "-2", "-3", "-4", "-5", "-6", "-7", "-8", "-9"];
const longest = numberLimits.usernameCharacters.max;

/** Returns whether a username is available, and similar ones if not. */
export async function checkUsername(
  executor: Queryable,
  wanted: string,
  askedBy: string | null,
): Promise<UsernameAnswer> {
  const parsed = usernameRule.safeParse(wanted);
  const username = parsed.success ? parsed.data : wanted.trim().toLowerCase();
  const candidates = [...(parsed.success ? [username] : []), ...similarUsernames(username)];
  const free = await findFreeUsernames(executor, candidates, askedBy);
  const available = parsed.success && free[0] === username;
  return {
    username,
    available,
    problem: parsed.success ? null : (parsed.error.issues[0]?.message ?? null),
    suggestions: available ? [] : free.slice(0, suggestionCount),
  };
}

/** 'Zoë K' -> 'zoe-k', 'zoe-k-mentor', …; none if no valid username remains. */
function similarUsernames(username: string): string[] {
  const plain = username
    .normalize("NFD")
    .replaceAll(/\p{M}/gu, "")
    .replaceAll(/[^a-z0-9]+/g, "-")
    .replaceAll(/^-+|-+$/g, "");
  if (plain === "") return [];
  const made = ["", ...endings].map(
    (ending) => plain.slice(0, longest - ending.length).replace(/-+$/, "") + ending,
  );
  return [...new Set(made)].filter((one) => one !== username && usernameRule.safeParse(one).success);
}

interface SetupRow {
  about: boolean;
  service: boolean;
  weekly_hours: boolean;
  last_date: LocalDate | null;
  timezone: string;
  room: boolean;
  listing: boolean;
}

/** Returns what the caller's page has and lacks. @throws Refusal `not_a_mentor` */
export async function readSetup(tx: UserTx, userId: string, now: EpochMs): Promise<MentorSetup> {
  const { rows } = await tx.client.query<SetupRow>(
    `select p.headline <> '' or p.bio <> '' as about,
       exists (select from services s where s.expert_id = p.id and s.enabled and s.deleted_at is null) as service,
       exists (select from availability_slots a where a.expert_id = p.id and a.is_recurring) as weekly_hours,
       (select max(a.specific_date) from availability_slots a where a.expert_id = p.id) as last_date,
       p.timezone,
       exists (select from mentor_rooms r where r.expert_id = p.id) as room,
       p.listed as listing
     from expert_profiles p where p.id = $1`,
    [userId],
  );
  const [row] = rows;
  if (!row) throw new Refusal("not_a_mentor");
  const { weekly_hours, last_date, timezone, ...found } = row;
  const hours = weekly_hours || (last_date !== null && last_date >= wallClockOf(timezone, now).date);
  const parts = { ...found, hours };
  return {
    bookable: parts.service && hours,
    listed: parts.listing,
    missing: setupParts.filter((part) => !parts[part]),
  };
}
