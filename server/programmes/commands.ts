import type { z } from "zod";
import type {
  createProgramme as createContract,
  Programme,
  updateProgramme as updateContract,
} from "#contract/programmes.ts";
import { parseMoney } from "#rules/money.ts";
import { addMs, MINUTE_MS } from "#scheduling/units.ts";
import { groupRefusals, programmeRefusals } from "#words/refusals.ts";
import {
  callForSeats,
  planSessions,
  reasonForSeats,
  requireSeats,
  requireTimeToDecide,
} from "../groupSessions/commands.ts";
import type { SystemTx } from "../platform/database/database.ts";
import { Refusal, refuseField } from "../platform/errors.ts";
import type { Identity } from "../platform/http/identity.ts";
import type { Dependencies } from "../platform/http/route.ts";
import { lockSchedule } from "../slots/lockSchedule.ts";
import { findProgramme } from "./queries.ts";

/**
 * Schedules a programme with its sessions: all of them, or none.
 * @throws Refusal `not_a_mentor`, `validation_failed`, `slot_taken`
 */
export async function createProgramme(
  { database, now }: Dependencies,
  caller: Identity,
  request: z.output<typeof createContract>,
): Promise<Programme> {
  return database.asSystem(reasonForSeats, caller.id, async (tx) => {
    await lockSchedule(tx, caller.id, "not_a_mentor");
    const { service, seats, starts, decideMinutes } = await planSessions(tx, caller, request, now());
    if (starts.length < 2) throw refuseField("weeks", programmeRefusals.noDates);
    const decideAt = addMs(starts[0]!, -decideMinutes * MINUTE_MS);
    requireTimeToDecide(seats, decideAt, now());
    const price = parseMoney(request.price, service.currency)?.minor ?? 0;
    // Each session has a price of its own, or none has.
    if (price > 0 && price < starts.length) throw refuseField("price", programmeRefusals.priceTooLow);
    const { rows } = await tx.client.query<{ id: string }>(
      "select private.create_programme($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) as id",
      [
        caller.id,
        service.id,
        request.title,
        request.description,
        starts.map((start) => new Date(start)),
        request.duration,
        seats.capacity,
        seats.min_attendees,
        new Date(decideAt),
        price,
      ],
    );
    return requireOwn(tx, caller, rows[0]?.id ?? "");
  });
}

/** @throws Refusal `programme_not_found`, `invalid_transition`, `seats_taken` */
export async function changeProgramme(
  { database }: Dependencies,
  caller: Identity,
  id: string,
  change: z.output<typeof updateContract>,
): Promise<Programme> {
  return database.asSystem(reasonForSeats, caller.id, async (tx) => {
    await lockSchedule(tx, caller.id, "not_a_mentor");
    const { attendees, min_attendees } = await requireOwn(tx, caller, id);
    if (change.capacity !== undefined) {
      requireSeats(change.capacity, attendees);
      if (change.capacity < min_attendees) throw refuseField("capacity", groupRefusals.minimumAboveSeats);
    }
    await tx.client.query("select private.change_programme($1, $2, $3, $4, $5)", [
      caller.id,
      id,
      change.title,
      change.description,
      change.capacity,
    ]);
    return requireOwn(tx, caller, id);
  });
}

/**
 * Cancels what is to come of it for all. Returns how many seats were freed.
 * @throws Refusal `programme_not_found`, `invalid_transition`
 */
export async function cancelProgramme(
  { database }: Dependencies,
  caller: Identity,
  id: string,
  said: string | undefined,
): Promise<number> {
  return database.asSystem(reasonForSeats, caller.id, async (tx) => {
    await requireOwn(tx, caller, id);
    return callForSeats(tx, "select private.cancel_programme($1, $2, $3) as seats", [
      caller.id,
      id,
      said || null,
    ]);
  });
}

async function requireOwn(tx: SystemTx, caller: Identity, id: string): Promise<Programme> {
  const found = await findProgramme(tx.client, caller.id, id);
  if (!found) throw new Refusal("programme_not_found");
  return found.programme;
}
