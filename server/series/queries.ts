import { sql } from "kysely";
import { bookingFactsOf } from "#contract/bookingFacts.ts";
import { type Series, series } from "#contract/series.ts";
import { type BookingRole, stepsOpenTo } from "#rules/bookingState.ts";
import { countLimits } from "#rules/limits.ts";
import { decimalOfMinor } from "#rules/money.ts";
import type { EpochMs } from "#scheduling/units.ts";
import { type FoundBooking, listTogether, withoutExtras } from "../bookings/queries.ts";
import type { SystemTx, UserTx } from "../platform/database/database.ts";
import { mentorOfSeries } from "../platform/database/directory.ts";

function selectSeries(tx: UserTx | SystemTx) {
  return tx.db
    .selectFrom("series as q")
    .innerJoin("services as s", (join) =>
      join.onRef("s.id", "=", "q.service_id").onRef("s.expert_id", "=", "q.expert_id"),
    )
    .innerJoin("expert_profiles as m", "m.id", "q.expert_id")
    .leftJoin("baskets as k", (join) =>
      join.onRef("k.series_id", "=", "q.id").onRef("k.expert_id", "=", "q.expert_id"),
    )
    .select([
      "q.id",
      "q.expert_id",
      "q.user_id",
      "q.service_id",
      "s.title as service_title",
      "q.duration",
      "q.pattern",
      "q.payment",
      "q.programme_id",
      "q.created_at",
      "m.timezone as mentor_timezone",
      "m.username",
      "m.full_name",
      "m.headline",
      "k.id as basket_id",
    ]);
}

type SeriesRow = Awaited<ReturnType<ReturnType<typeof selectSeries>["execute"]>>[number];

/** One of the caller's series, as student or as mentor; undefined for other people's. */
export async function findSeries(
  tx: UserTx | SystemTx,
  callerId: string,
  id: string,
  now: EpochMs,
): Promise<Series | undefined> {
  const row = await selectSeries(tx)
    .where("q.id", "=", id)
    .where("q.expert_id", "=", await mentorOfSeries(tx, id))
    .executeTakeFirst();
  return row && present(tx, callerId, row, now);
}

/** The caller's latest series on one side. */
export async function listSeries(
  tx: UserTx,
  callerId: string,
  as: BookingRole,
  now: EpochMs,
): Promise<Series[]> {
  const rows = await selectSeries(tx)
    .where(as === "mentor" ? "q.expert_id" : "q.user_id", "=", callerId)
    .orderBy("q.created_at", "desc")
    .limit(countLimits.seriesListed)
    .execute();
  return Promise.all(rows.map((row) => present(tx, callerId, row, now)));
}

/** One that was just written. */
export async function requireSeries(
  tx: UserTx | SystemTx,
  callerId: string,
  id: string,
  now: EpochMs,
): Promise<Series> {
  const found = await findSeries(tx, callerId, id, now);
  if (!found) throw new Error("The series was not returned.");
  return found;
}

/** What would go back of each session if the caller cancelled it now. */
interface Terms {
  id: string;
  refund_minor: number;
  returns_credit: boolean;
}

const policyNow = sql`b.refund_full_cutoff, b.refund_partial_cutoff, b.refund_partial_percent, b.starts_at, now()`;

async function readTerms(
  tx: UserTx | SystemTx,
  { expert_id, id, user_id }: Pick<SeriesRow, "expert_id" | "id" | "user_id">,
  callerId: string,
): Promise<Map<string, Terms>> {
  // What the mentor has not agreed to yet costs its student nothing.
  const fault = sql`case when b.status = 'confirmed' and ${callerId === user_id} then 'student' else 'mentor' end`;
  const { rows } = await sql<Terms>`
    select b.id, coalesce((
        select private.refund_minor(a.captured_minor, private.returned_minor(a.expert_id, a.id), ${policyNow}, ${fault})
        from payments p join payment_attempts a on a.id = p.accepted_attempt_id and a.expert_id = p.expert_id
        where p.booking_id = b.id and p.expert_id = b.expert_id and p.state = 'captured'), 0) as refund_minor,
      b.package_purchase_id is not null and private.refund_minor(100, 0, ${policyNow}, ${fault}) = 100 as returns_credit
    from bookings b
    where b.expert_id = ${expert_id} and b.series_id = ${id} and b.status in ('pending', 'confirmed')`.execute(
    tx.db,
  );
  return new Map(rows.map((each) => [each.id, each]));
}

async function present(
  tx: UserTx | SystemTx,
  callerId: string,
  row: SeriesRow,
  now: EpochMs,
): Promise<Series> {
  const bookings = await listTogether(tx, row.expert_id, "series_id", row.id);
  const terms = await readTerms(tx, row, callerId);
  const role = callerId === row.user_id ? "student" : "mentor";
  const { username, full_name, headline, created_at, ...fields } = row;
  return series.parse({
    ...fields,
    mentor: { id: row.expert_id, username, full_name, headline },
    student_name: bookings[0]?.user_name ?? "",
    sessions: bookings.map((booking) => presentSession(booking, role, now, terms.get(booking.id))),
    created_at: created_at.toISOString(),
  });
}

function presentSession(booking: FoundBooking, role: BookingRole, now: EpochMs, terms: Terms | undefined) {
  const open = stepsOpenTo(role, bookingFactsOf(booking), now);
  const isHeld = booking.awaits_payment && booking.status === "pending";
  return {
    ...withoutExtras(booking),
    place: booking.series_place ?? 0,
    pay_by: isHeld ? booking.expires_at : null,
    can_cancel: open.includes("cancel") || open.includes("decline"),
    can_move: open.includes("reschedule"),
    refund: decimalOfMinor(terms?.refund_minor ?? 0, booking.currency),
    returns_credit: terms?.returns_credit ?? false,
  };
}
