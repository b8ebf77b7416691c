import { type Kysely, sql } from "kysely";
import type { z } from "zod";
import {
  type createPackage,
  type PackagePurchase,
  packagePurchase,
  type SessionPackage,
  sessionPackage,
  type updatePackage,
} from "#contract/offers.ts";
import { decimalOfMinor, moneyOf } from "#rules/money.ts";
import { offerErrors } from "#words/fields.ts";
import { offerRefusals } from "#words/refusals.ts";
import type { DB } from "../../db/types.gen.ts";
import type { Database, UserTx } from "../platform/database/database.ts";
import { lockOwnMentor } from "../platform/database/mentorLock.ts";
import { Refusal, refuseField } from "../platform/errors.ts";

const packageCurrency = "INR";

/** A mentor's packages, those of few sessions first; deleted ones never. */
export async function listPackages(
  db: Kysely<DB>,
  expertId: string,
  { onOfferOnly = false, packageId }: { onOfferOnly?: boolean; packageId?: string } = {},
): Promise<SessionPackage[]> {
  let query = db
    .selectFrom("packages as g")
    .innerJoin("services as s", (join) =>
      join.onRef("s.id", "=", "g.service_id").onRef("s.expert_id", "=", "g.expert_id"),
    )
    .leftJoin("service_durations as d", (join) =>
      join
        .onRef("d.service_id", "=", "g.service_id")
        .onRef("d.expert_id", "=", "g.expert_id")
        .onRef("d.minutes", "=", "g.minutes"),
    )
    .where("g.expert_id", "=", expertId)
    .where("g.deleted_at", "is", null)
    .where("s.deleted_at", "is", null)
    .select([
      "g.id",
      "g.expert_id",
      "g.service_id",
      "s.title as service_title",
      "g.minutes",
      "g.sessions",
      "g.price_minor",
      "d.price_minor as single_minor",
      "g.currency",
      "g.valid_days",
      "g.enabled",
    ])
    .orderBy("s.created_at")
    .orderBy("g.minutes")
    .orderBy("g.sessions")
    .orderBy("g.id");
  if (onOfferOnly) {
    query = query
      .where("g.enabled", "=", true)
      .where("s.enabled", "=", true)
      .where("d.minutes", "is not", null);
  }
  if (packageId) query = query.where("g.id", "=", packageId);
  const rows = await query.execute();
  return rows.map(({ price_minor, single_minor, ...row }) =>
    sessionPackage.parse({
      ...row,
      price: decimalOfMinor(price_minor, row.currency),
      list_price: single_minor === null ? null : decimalOfMinor(single_minor * row.sessions, row.currency),
    }),
  );
}

/** @throws Refusal `not_a_mentor`, `cap_reached`, `validation_failed` */
export async function addPackage(
  database: Database,
  expertId: string,
  { price, ...others }: z.output<typeof createPackage>,
): Promise<SessionPackage> {
  return database.asUser(expertId, async (tx) => {
    if (!(await lockOwnMentor(tx))) throw new Refusal("not_a_mentor");
    const offered = await tx.db
      .selectFrom("services as s")
      .innerJoin("service_durations as d", (join) =>
        join.onRef("d.service_id", "=", "s.id").onRef("d.expert_id", "=", "s.expert_id"),
      )
      .select("d.minutes")
      .where("s.id", "=", others.service_id)
      .where("s.expert_id", "=", expertId)
      .where("s.deleted_at", "is", null)
      .execute();
    if (offered.length === 0) throw refuseField("service_id", offerRefusals.service);
    if (!offered.some(({ minutes }) => minutes === others.minutes))
      throw refuseField("minutes", offerRefusals.length);
    const { id } = await tx.db
      .insertInto("packages")
      .values({ ...others, expert_id: expertId, currency: packageCurrency, price_minor: minorOf(price) })
      .returning("id")
      .executeTakeFirstOrThrow();
    return ownPackage(tx.last, expertId, id);
  });
}

/** Bought packages keep their terms. @throws Refusal `package_not_found`, `validation_failed` */
export async function changePackage(
  database: Database,
  expertId: string,
  packageId: string,
  { price, ...others }: z.output<typeof updatePackage>,
): Promise<SessionPackage> {
  return database.asUser(expertId, async (tx) => {
    await lockOwnMentor(tx);
    await ownPackage(tx, expertId, packageId);
    const change = { ...others, ...(price === undefined ? {} : { price_minor: minorOf(price) }) };
    if (Object.keys(change).length > 0) {
      await tx.db
        .updateTable("packages")
        .set(change)
        .where("id", "=", packageId)
        .where("expert_id", "=", expertId)
        .execute();
    }
    return ownPackage(tx.last, expertId, packageId);
  });
}

/** Bought packages can still be used. @throws Refusal `package_not_found` */
export async function removePackage(database: Database, expertId: string, packageId: string): Promise<void> {
  await database.asUser(expertId, async (tx) => {
    await lockOwnMentor(tx);
    await ownPackage(tx, expertId, packageId);
    await tx.last.db
      .updateTable("packages")
      .set({ deleted_at: new Date(), enabled: false })
      .where("id", "=", packageId)
      .where("expert_id", "=", expertId)
      .execute();
  });
}

function minorOf(price: number): number {
  const { minor } = moneyOf(price, packageCurrency);
  if (minor === 0) throw refuseField("price", offerErrors.priceOfPackage);
  return minor;
}

async function ownPackage(tx: UserTx, expertId: string, packageId: string): Promise<SessionPackage> {
  const [found] = await listPackages(tx.db, expertId, { packageId });
  if (!found) throw new Refusal("package_not_found");
  return found;
}

/** The packages that a student has bought, the newest first; `purchaseId`: only this one. */
export async function listPurchases(
  tx: UserTx,
  studentId: string,
  { purchaseId }: { purchaseId?: string } = {},
): Promise<PackagePurchase[]> {
  let query = tx.db
    .selectFrom("package_purchases as p")
    .innerJoin("services as s", (join) =>
      join.onRef("s.id", "=", "p.service_id").onRef("s.expert_id", "=", "p.expert_id"),
    )
    .innerJoin("expert_profiles as m", "m.id", "p.expert_id")
    .where("p.user_id", "=", studentId)
    .select([
      "p.id",
      "p.package_id",
      "p.expert_id",
      "m.full_name as mentor_name",
      "m.username as mentor_username",
      "p.service_id",
      "s.title as service_title",
      "p.minutes",
      "p.sessions",
      "p.price_minor",
      "p.currency",
      "p.valid_days",
      "p.state",
      "p.expires_at",
      "p.created_at",
    ])
    .select(
      sql<number>`(select l.credits from private.credits_left(p.expert_id, array[p.id]) l)`.as(
        "sessions_left",
      ),
    )
    .orderBy("p.created_at", "desc")
    .orderBy("p.id", "desc");
  if (purchaseId) query = query.where("p.id", "=", purchaseId);
  const rows = await query.execute();
  return rows.map(({ price_minor, expires_at, created_at, sessions_left, ...row }) =>
    packagePurchase.parse({
      ...row,
      sessions_left: Number(sessions_left),
      price: decimalOfMinor(price_minor, row.currency),
      expires_at: expires_at?.toISOString() ?? null,
      created_at: created_at.toISOString(),
    }),
  );
}
