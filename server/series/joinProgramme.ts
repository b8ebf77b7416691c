import type { z } from "zod";
import type { createSeries as createContract, Series } from "#contract/series.ts";
import { approvalOf, isConfirmedInstantly } from "#rules/approval.ts";
import { moneyOfMinor } from "#rules/money.ts";
import { parseInstant } from "#scheduling/units.ts";
import { offerRefusals, programmeRefusals } from "#words/refusals.ts";
import { type Booking, insertBasket, insertTogether, type JudgedTogether } from "../baskets/bookTogether.ts";
import { startsAround } from "../baskets/judgeTogether.ts";
import { hasMet } from "../bookings/createBooking.ts";
import type { SystemTx } from "../platform/database/database.ts";
import { Refusal, refuseField } from "../platform/errors.ts";
import type { Identity } from "../platform/http/identity.ts";
import { type IdempotentRequest, onceOnly } from "../platform/idempotency.ts";
import { setOrigin } from "../platform/limits/origin.ts";
import { type FoundProgramme, findProgramme } from "../programmes/queries.ts";
import { requirePrice } from "../services/requirePrice.ts";
import { lockSchedule } from "../slots/lockSchedule.ts";
import { readSchedule } from "../slots/queries.ts";
import { insertSeries } from "./insertSeries.ts";
import { requireSeries } from "./queries.ts";

type Request = Extract<z.output<typeof createContract>, { pattern: "programme" }>;

/**
 * Books a programme: a seat in each of its sessions, or in none. Until the first one begins, so that everyone has all of it.
 * @throws Refusal `programme_not_found`, `slot_unavailable`, `slot_taken`, `price_mismatch`, `already_booked`
 */
export async function joinProgramme(
  dependencies: Booking,
  caller: Identity,
  request: Request,
  idempotency: IdempotentRequest | undefined,
  origin?: string,
): Promise<Series> {
  if (request.expert_id === caller.id) throw new Refusal("own_session");
  const { database, now } = dependencies;
  return onceOnly(
    database,
    caller,
    idempotency,
    "the seats of a programme are taken together",
    async (tx) => {
      await lockSchedule(tx, request.expert_id);
      await setOrigin(tx, origin);
      const found = await findProgramme(tx.client, request.expert_id, request.programme_id);
      if (!found) throw new Refusal("programme_not_found");
      requireOpen(found);
      const judged = await readSessions(tx, dependencies, caller, request, found);
      requirePrice(judged.total, request.total_amount);
      const { service_id, duration } = found.programme;
      const seriesId = await insertSeries(tx, caller, {
        expert_id: request.expert_id,
        service_id,
        duration,
        pattern: "programme",
        payment: "at_once",
        programme_id: request.programme_id,
      });
      const basketId = judged.isPaid ? await insertBasket(tx, caller, request, judged, seriesId) : null;
      await insertTogether(tx, caller, request, judged, { seriesId, basketId });
      return requireSeries(tx, caller.id, seriesId, now());
    },
  );
}

/** @throws Refusal `slot_unavailable`, `slot_taken` */
function requireOpen({ programme: { state, book_until, seats_left } }: FoundProgramme): void {
  if (state === "cancelled") throw new Refusal("slot_unavailable", { detail: programmeRefusals.over });
  if (book_until === null) throw new Refusal("slot_unavailable", { detail: programmeRefusals.closed });
  if (seats_left === 0) throw new Refusal("slot_taken", { detail: programmeRefusals.full });
}

/** Not judged by the engine: the mentor chose these times, and their seats are the ledger's. @throws Refusal */
async function readSessions(
  tx: SystemTx,
  { now, collects }: Booking,
  caller: Identity,
  request: Request,
  { programme, shares }: FoundProgramme,
): Promise<JudgedTogether> {
  const starts = shares.map(({ starts_at }) => parseInstant(starts_at));
  const read = await readSchedule(tx.client, request.expert_id, startsAround(starts, now()));
  const service = read.services.find(({ id }) => id === programme.service_id);
  if (!service) throw refuseField("programme_id", offerRefusals.service);
  const { session_type } = service;
  const { duration, currency } = programme;
  const approval = approvalOf(read.mentor, service);
  const sessions = shares.map(({ shareMinor }, index) => ({
    session_type,
    service_id: service.id,
    duration,
    add_recording: false,
    startsAt: starts[index]!,
    service,
    approval,
    price: moneyOfMinor(shareMinor, currency),
    hasCoupon: false,
  }));
  const total = moneyOfMinor(
    shares.reduce((sum, { shareMinor }) => sum + shareMinor, 0),
    currency,
  );
  const isKnown = approval === "approve_first" && (await hasMet(tx, caller, request.expert_id));
  const status = isConfirmedInstantly(approval, isKnown) ? ("confirmed" as const) : ("pending" as const);
  return {
    read,
    sessions,
    total,
    coupon: null,
    statuses: sessions.map(() => status),
    isPaid: collects && total.minor > 0,
  };
}
