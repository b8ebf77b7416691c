import { type Kysely, sql } from "kysely";
import type { z } from "zod";
import {
  type createPackage,
  type OwnPackage,
  ownPackage as ownPackageContract,
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

interface PackageChoice {
  onOfferOnly?: boolean;
  packageId?: string;
}

/** A mentor's packages, those of few sessions first; deleted ones never. */
export async function listPackages(
  db: Kysely<DB>,
  expertId: string,
  choice: PackageChoice = {},
): Promise<SessionPackage[]> {
  const rows = await selectPackages(db, expertId, choice).execute();
  return rows.map((row) => sessionPackage.parse(factsOf(row)));
}

/** The same for their mentor, with what has become of them. */
export async function listOwnPackages(
  { db }: UserTx,
  expertId: string,
  choice: PackageChoice = {},
): Promise<OwnPackage[]> {
  const sold = sql.raw(`from package_purchases p
    where p.package_id = g.id and p.expert_id = g.expert_id and p.expires_at is not null`);
  const rows = await selectPackages(db, expertId, choice)
    .select([
      sql<number>`(select count(*) ${sold})::integer`.as("sold"),
      sql<number>`(select coalesce(sum(p.sessions), 0) ${sold})::integer`.as("sessions_sold"),
      sql<number>`(
        select count(*) from package_purchases p
          join credit_uses u on u.package_purchase_id = p.id and u.expert_id = p.expert_id and u.state <> 'returned'
        where p.package_id = g.id and p.expert_id = g.expert_id)::integer`.as("sessions_booked"),
    ])
    .execute();
  return rows.map((row) => ownPackageContract.parse(factsOf(row)));
}

function selectPackages(db: Kysely<DB>, expertId: string, { onOfferOnly = false, packageId }: PackageChoice) {
  return db
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
    .$if(onOfferOnly, (query) =>
      query.where("g.enabled", "=", true).where("s.enabled", "=", true).where("d.minutes", "is not", null),
    )
    .$if(packageId !== undefined, (query) => query.where("g.id", "=", packageId ?? ""))
    .orderBy("s.created_at")
    .orderBy("g.minutes")
    .orderBy("g.sessions")
    .orderBy("g.id");
}

interface PackageRow {
  price_minor: number;
  single_minor: number | null;
  sessions: number;
  currency: string;
}

function factsOf<Row extends PackageRow>({ price_minor, single_minor, ...row }: Row) {
  return {
    ...row,
    price: decimalOfMinor(price_minor, row.currency),
    list_price: single_minor === null ? null : decimalOfMinor(single_minor * row.sessions, row.currency),
  };
}

/** @throws Refusal `not_a_mentor`, `cap_reached`, `validation_failed` */
export async function addPackage(
  database: Database,
  expertId: string,
  { price, ...others }: z.output<typeof createPackage>,
): Promise<OwnPackage> {
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
): Promise<OwnPackage> {
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

async function ownPackage(tx: UserTx, expertId: string, packageId: string): Promise<OwnPackage> {
  const [found] = await listOwnPackages(tx, expertId, { packageId });
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
    .select(
      sql<number>`(select count(*) from credit_uses u
        where u.package_purchase_id = p.id and u.expert_id = p.expert_id and u.state = 'reserved')`.as(
        "sessions_reserved",
      ),
    )
    .leftJoin("payments as y", (join) =>
      join.onRef("y.package_purchase_id", "=", "p.id").onRef("y.expert_id", "=", "p.expert_id"),
    )
    .leftJoin("payment_attempts as a", (join) =>
      join.onRef("a.id", "=", "y.accepted_attempt_id").onRef("a.expert_id", "=", "y.expert_id"),
    )
    .select(["y.refunded_minor", sql<boolean>`a.dispute is not distinct from 'open'`.as("disputed")])
    .orderBy("p.created_at", "desc")
    .orderBy("p.id", "desc");
  if (purchaseId) query = query.where("p.id", "=", purchaseId);
  const rows = await query.execute();
  return rows.map(({ price_minor, expires_at, created_at, refunded_minor, ...row }) =>
    packagePurchase.parse({
      ...row,
      sessions_left: Number(row.sessions_left),
      sessions_reserved: Number(row.sessions_reserved),
      refunded: decimalOfMinor(refunded_minor ?? 0, row.currency),
      price: decimalOfMinor(price_minor, row.currency),
      expires_at: expires_at?.toISOString() ?? null,
      created_at: created_at.toISOString(),
    }),
  );
}
