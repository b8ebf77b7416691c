import { type Insertable, sql } from "kysely";
import type { z } from "zod";
import {
  type Coupon,
  coupon as couponContract,
  type createCoupon,
  type updateCoupon,
} from "#contract/offers.ts";
import { decimalOfMinor, moneyOf } from "#rules/money.ts";
import { offerLimits } from "#rules/moneyLimits.ts";
import { DAY_MS } from "#scheduling/units.ts";
import { offerErrors } from "#words/fields.ts";
import { offerRefusals } from "#words/refusals.ts";
import type { DB } from "../../db/types.gen.ts";
import type { Database, UserTx } from "../platform/database/database.ts";
import { lockOwnMentor } from "../platform/database/mentorLock.ts";
import { Refusal, refuseField } from "../platform/errors.ts";

const couponCurrency = "INR";

/** A mentor's own coupons, the newest first; deleted ones never. */
export async function listCoupons(tx: UserTx, expertId: string, couponId?: string): Promise<Coupon[]> {
  let query = tx.db
    .selectFrom("coupons as c")
    .where("c.expert_id", "=", expertId)
    .where("c.deleted_at", "is", null)
    .select([
      "c.id",
      "c.code",
      "c.basis_points",
      "c.amount_minor",
      "c.currency",
      "c.active_from",
      "c.active_until",
      "c.max_uses",
      "c.max_uses_per_student",
      "c.service_ids",
      "c.first_session_only",
      "c.enabled",
      "c.created_at",
    ])
    .select(
      sql<number>`(select count(distinct coalesce(u.together_id, u.booking_id)) from coupon_uses u
        where u.coupon_id = c.id and u.expert_id = c.expert_id and u.given_back_at is null)`.as("uses"),
    )
    .orderBy("c.created_at", "desc")
    .orderBy("c.id", "desc");
  if (couponId) query = query.where("c.id", "=", couponId);
  const rows = await query.execute();
  return rows.map(({ basis_points, amount_minor, active_from, active_until, created_at, uses, ...row }) =>
    couponContract.parse({
      ...row,
      uses: Number(uses),
      percent: basis_points === null ? null : basis_points / 100,
      amount: amount_minor === null ? null : decimalOfMinor(amount_minor, row.currency),
      active_from: active_from?.toISOString() ?? null,
      active_until: active_until?.toISOString() ?? null,
      created_at: created_at.toISOString(),
    }),
  );
}

/** @throws Refusal `not_a_mentor`, `coupon_exists`, `cap_reached`, `validation_failed` */
export async function addCoupon(
  database: Database,
  expertId: string,
  { percent, amount, active_from, active_until, ...others }: z.output<typeof createCoupon>,
): Promise<Coupon> {
  return database.asUser(expertId, async (tx) => {
    if (!(await lockOwnMentor(tx))) throw new Refusal("not_a_mentor");
    await requireOwnServices(tx, expertId, others.service_ids);
    requireEnd(active_until, new Date());
    const values: Insertable<DB["coupons"]> = {
      ...others,
      expert_id: expertId,
      currency: couponCurrency,
      basis_points: percent === null ? null : Math.round(percent * 100),
      amount_minor: amount === null ? null : moneyOf(amount, couponCurrency).minor,
      active_from: toDate(active_from),
      active_until: toDate(active_until),
    };
    const { id } = await tx.db.insertInto("coupons").values(values).returning("id").executeTakeFirstOrThrow();
    return ownCoupon(tx.last, expertId, id);
  });
}

/** @throws Refusal `coupon_not_found`, `validation_failed` */
export async function changeCoupon(
  database: Database,
  expertId: string,
  couponId: string,
  { active_from, active_until, ...others }: z.output<typeof updateCoupon>,
): Promise<Coupon> {
  return database.asUser(expertId, async (tx) => {
    await lockOwnMentor(tx);
    const { created_at } = await ownCoupon(tx, expertId, couponId);
    await requireOwnServices(tx, expertId, others.service_ids ?? null);
    requireEnd(active_until ?? null, new Date(created_at));
    const change = {
      ...others,
      ...(active_from === undefined ? {} : { active_from: toDate(active_from) }),
      ...(active_until === undefined ? {} : { active_until: toDate(active_until) }),
    };
    if (Object.keys(change).length > 0) {
      await tx.db
        .updateTable("coupons")
        .set(change)
        .where("id", "=", couponId)
        .where("expert_id", "=", expertId)
        .execute();
    }
    return ownCoupon(tx.last, expertId, couponId);
  });
}

/** The code can be given to another coupon; bookings that used this one keep their price. @throws Refusal `coupon_not_found` */
export async function removeCoupon(database: Database, expertId: string, couponId: string): Promise<void> {
  await database.asUser(expertId, async (tx) => {
    await lockOwnMentor(tx);
    await ownCoupon(tx, expertId, couponId);
    await tx.last.db
      .updateTable("coupons")
      .set({ deleted_at: new Date(), enabled: false })
      .where("id", "=", couponId)
      .where("expert_id", "=", expertId)
      .execute();
  });
}

function toDate(text: string | null): Date | null {
  return text === null ? null : new Date(text);
}

async function ownCoupon(tx: UserTx, expertId: string, couponId: string): Promise<Coupon> {
  const [found] = await listCoupons(tx, expertId, couponId);
  if (!found) throw new Refusal("coupon_not_found");
  return found;
}

/** A coupon ends within some days of the day on which it was made: the last one counts whole. */
function requireEnd(until: string | null, madeAt: Date): void {
  const { max } = offerLimits.couponDays;
  if (until !== null && Date.parse(until) - madeAt.getTime() > (max + 1) * DAY_MS) {
    throw refuseField("active_until", offerErrors.endsTooLate(max));
  }
}

/** A coupon is only for services that its mentor has. */
async function requireOwnServices(tx: UserTx, expertId: string, ids: string[] | null): Promise<void> {
  if (ids === null) return;
  const known = await tx.db
    .selectFrom("services")
    .select("id")
    .where("expert_id", "=", expertId)
    .where("id", "in", ids)
    .where("deleted_at", "is", null)
    .execute();
  if (known.length < new Set(ids).size) throw refuseField("service_ids", offerRefusals.service);
}
