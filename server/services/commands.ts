import type { z } from "zod";
import type { createService, Service, updateService } from "#contract/services.ts";
import { moneyOf } from "#rules/money.ts";
import type { Database, UserTx } from "../platform/database/database.ts";
import { lockOwnMentor } from "../platform/database/mentorLock.ts";
import { Refusal } from "../platform/errors.ts";
import type { Identity } from "../platform/http/identity.ts";
import { listServices } from "./queries.ts";

/** @throws Refusal `not_a_mentor`, `validation_failed` */
export async function addService(
  database: Database,
  caller: Identity,
  { durations, recording_price, ...service }: z.output<typeof createService>,
): Promise<Service> {
  return database.asUser(caller.id, async (tx) => {
    if (!(await lockOwnMentor(tx))) throw new Refusal("not_a_mentor");
    const { id } = await tx.db
      .insertInto("services")
      .values({
        expert_id: caller.id,
        ...service,
        recording_price_minor: minorOf(recording_price, service.currency),
      })
      .returning("id")
      .executeTakeFirstOrThrow();
    const [, added] = await Promise.all([
      setDurations(tx, { id, expert_id: caller.id, currency: service.currency }, durations),
      ownService(tx.last, caller.id, id),
    ]);
    return added;
  });
}

/** @throws Refusal `service_not_found`, `validation_failed` */
export async function changeService(
  database: Database,
  caller: Identity,
  serviceId: string,
  { durations, recording_price, ...others }: z.output<typeof updateService>,
): Promise<Service> {
  return database.asUser(caller.id, async (tx) => {
    const [, service] = await Promise.all([lockOwnMentor(tx), ownService(tx, caller.id, serviceId)]);
    const { currency } = { ...service, ...others };
    const change =
      recording_price === undefined
        ? others
        : { ...others, recording_price_minor: minorOf(recording_price, currency) };
    if (Object.keys(change).length > 0) {
      await tx.db.updateTable("services").set(change).where("id", "=", serviceId).execute();
    }
    if (durations) {
      await tx.db
        .deleteFrom("service_durations")
        .where("service_id", "=", serviceId)
        .where("expert_id", "=", caller.id)
        .execute();
      await setDurations(tx, { id: serviceId, expert_id: caller.id, currency }, durations);
    }
    return ownService(tx.last, caller.id, serviceId);
  });
}

/** Takes a service off the page; bookings that name it keep it. @throws Refusal `service_not_found` */
export async function removeService(database: Database, caller: Identity, serviceId: string): Promise<void> {
  await database.asUser(caller.id, async (tx) => {
    await Promise.all([lockOwnMentor(tx), ownService(tx, caller.id, serviceId)]);
    await tx.last.db
      .updateTable("services")
      .set({ deleted_at: new Date(), enabled: false })
      .where("id", "=", serviceId)
      .execute();
  });
}

function minorOf(price: number | null, currency: string): number | null {
  return price === null ? null : moneyOf(price, currency).minor;
}

async function setDurations(
  tx: UserTx,
  { id, expert_id, currency }: Pick<Service, "id" | "expert_id" | "currency">,
  durations: Service["durations"],
): Promise<void> {
  await tx.db
    .insertInto("service_durations")
    .values(
      durations.map(({ minutes, price }) => ({
        service_id: id,
        expert_id,
        minutes,
        price_minor: moneyOf(price, currency).minor,
      })),
    )
    .execute();
}

async function ownService(tx: UserTx, expertId: string, serviceId: string): Promise<Service> {
  const [service] = await listServices(tx.db, expertId, { serviceId });
  if (!service) throw new Refusal("service_not_found");
  return service;
}
