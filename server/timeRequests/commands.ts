import type { z } from "zod";
import type {
  createTimeRequest as createInput,
  proposeTimes as proposeInput,
  TimeRequest,
} from "#contract/timeRequests.ts";
import type { BookingRole } from "#rules/bookingState.ts";
import type { Money } from "#rules/money.ts";
import { isPaused } from "#scheduling/slots.ts";
import { type EpochMs, epochMs, parseInstant } from "#scheduling/units.ts";
import { offerRefusals, proposalRefusals } from "#words/refusals.ts";
import { startRefusals } from "#words/slots.ts";
import type { SystemTx } from "../platform/database/database.ts";
import { Refusal, refuseField } from "../platform/errors.ts";
import type { Identity } from "../platform/http/identity.ts";
import type { Dependencies } from "../platform/http/route.ts";
import { requirePrice } from "../services/requirePrice.ts";
import { type OfferedService, readSchedule } from "../slots/queries.ts";
import { expiryOf, rejectAlreadyOffered, rejectUnbookable } from "./proposedStarts.ts";
import { findRequest, type RequestKey } from "./queries.ts";

const reason = "requests are written by the app, which has asked the slot engine";

/**
 * Requests up to three times that the mentor does not offer. Times are not held.
 * @throws Refusal `mentor_not_found`, `service_not_found`, `own_session`, `price_mismatch`, `validation_failed`,
 * `slot_unavailable`, `time_request_already_open`
 */
export async function createRequest(
  { database, now }: Dependencies,
  caller: Identity,
  asked: z.output<typeof createInput>,
): Promise<TimeRequest> {
  if (asked.expert_id === caller.id) throw new Refusal("own_session");
  const starts = asked.starts_at.map(parseInstant);
  return database.asSystem(reason, caller.id, async (tx) => {
    const read = await readSchedule(tx.client, asked.expert_id, spanOf(starts));
    const price = requireOffer(read.services, asked);
    if (isPaused(read.schedule)) throw new Refusal("slot_unavailable", { detail: startRefusals.paused });
    const ask = { duration: asked.duration, serviceId: asked.service_id, now: now() };
    rejectAlreadyOffered(starts, read, ask);
    rejectUnbookable(starts, read, ask);
    const { id } = await tx.db
      .insertInto("time_requests")
      .values({
        user_id: caller.id,
        expert_id: asked.expert_id,
        service_id: asked.service_id,
        duration: asked.duration,
        total_minor: price.minor,
        currency: price.currency,
        message: asked.message || null,
        user_name: asked.user_name ?? caller.name,
        user_email: caller.email,
        student_timezone: asked.timezone ?? read.schedule.timezone,
        expires_at: new Date(expiryOf(starts, now())),
      })
      .returning("id")
      .executeTakeFirstOrThrow();
    const [, request] = await Promise.all([
      writeProposals(tx, { id, expert_id: asked.expert_id, by: "student", round: 1, starts }),
      readBack(tx.last, id),
    ]);
    return request;
  });
}

export function spanOf(starts: readonly EpochMs[]): { from: EpochMs; until: EpochMs } {
  return { from: epochMs(Math.min(...starts)), until: epochMs(Math.max(...starts) + 1) };
}

/** Returns the price of the session that was asked for, which is the one that the student was shown. */
function requireOffer(services: readonly OfferedService[], asked: z.output<typeof createInput>): Money {
  const service = services.find(({ id }) => id === asked.service_id);
  if (!service) throw new Refusal("service_not_found");
  const length = service.durations.find(({ minutes }) => minutes === asked.duration);
  if (!length) throw refuseField("duration", offerRefusals.length);
  requirePrice(length.price, asked.total_amount);
  return length.price;
}

/**
 * Accepts a suggested time, which books it as confirmed, even outside the mentor's hours but never over taken time.
 * @throws Refusal `time_request_not_found`, `time_request_closed`, `slot_taken`, `slot_unavailable`, `price_mismatch`
 */
export async function acceptProposal(
  { database }: Dependencies,
  caller: Identity,
  requestId: string,
  proposalId: string,
): Promise<TimeRequest> {
  return database.asSystem("books for the student when the mentor says yes", caller.id, async (tx) => {
    const request = await readBack(tx, requestId);
    if (!request.proposals.some(({ id }) => id === proposalId)) throw new Refusal("time_request_not_found");
    // Sent together: if the first is rejected, the read fails too.
    const [, accepted] = await Promise.all([
      tx.client.query("select private.accept_time_proposal($1)", [proposalId]),
      readBack(tx.last, requestId),
    ]);
    return accepted;
  });
}

/**
 * Suggests other times. Only the side whose turn it is may do so.
 * @throws Refusal `time_request_not_found`, `time_request_closed`, `validation_failed`
 */
export async function proposeTimes(
  { database, now }: Dependencies,
  caller: Identity,
  requestId: string,
  { starts_at }: z.output<typeof proposeInput>,
): Promise<TimeRequest> {
  const starts = starts_at.map(parseInstant);
  return database.asSystem(reason, caller.id, async (tx) => {
    const request = await readOpen(tx, requestId);
    const by = request.expert_id === caller.id ? "mentor" : "student";
    if (request.awaiting !== by || request.round >= maxRounds) throw new Refusal("time_request_closed");
    const read = await readSchedule(tx.client, request.expert_id, spanOf(starts));
    rejectUnbookable(starts, read, { duration: request.duration, now: now() });
    const [{ rowCount }, proposed] = await Promise.all([
      tx.client.query(
        `with changed as (
           update time_requests set round = $3 + 1, awaiting = $4, expires_at = $5
           where id = $1 and expert_id = $2 and status = 'open' and round = $3
           returning id, expert_id)
         insert into time_proposals (request_id, expert_id, proposed_by, round, place, starts_at)
           select c.id, c.expert_id, $6, $3 + 1, p.place, p.starts_at
           from changed c, unnest($7::timestamptz[]) with ordinality p (starts_at, place)`,
        [
          requestId,
          request.expert_id,
          request.round,
          by === "mentor" ? "student" : "mentor",
          new Date(expiryOf(starts, now())),
          by,
          inOrder(starts),
        ],
      ),
      readBack(tx.last, requestId),
    ]);
    // Another step was faster.
    if (rowCount === 0) throw new Refusal("time_request_closed");
    return proposed;
  });
}

/** As the table's own limit: two people who disagree so often should write to each other. */
const maxRounds = 20;

/** Declines a request, as its mentor. @throws Refusal `time_request_not_found`, `forbidden`, `time_request_closed` */
export function declineRequest(dependencies: Dependencies, caller: Identity, id: string, words?: string) {
  return closeRequest(dependencies, caller, id, { as: "mentor", status: "declined", words });
}

/** Withdraws a request, as its student. @throws Refusal `time_request_not_found`, `forbidden`, `time_request_closed` */
export function withdrawRequest(dependencies: Dependencies, caller: Identity, id: string) {
  return closeRequest(dependencies, caller, id, { as: "student", status: "withdrawn", words: undefined });
}

interface Closing {
  as: BookingRole;
  status: "declined" | "withdrawn";
  words: string | undefined;
}

async function closeRequest(
  { database }: Dependencies,
  caller: Identity,
  id: string,
  { as, status, words }: Closing,
): Promise<TimeRequest> {
  return database.asSystem(reason, caller.id, async (tx) => {
    const request = await readBack(tx, id);
    if ((as === "mentor" ? request.expert_id : request.user_id) !== caller.id) {
      throw new Refusal("forbidden", { detail: proposalRefusals.notYours[as] });
    }
    if (request.status !== "open") throw new Refusal("time_request_closed");
    const [{ rowCount }, closed] = await Promise.all([
      tx.client.query(
        "update time_requests set status = $3, reason = $4 where id = $1 and expert_id = $2 and status = 'open'",
        [id, request.expert_id, status, words || null],
      ),
      readBack(tx.last, id),
    ]);
    if (rowCount === 0) throw new Refusal("time_request_closed");
    return closed;
  });
}

async function readOpen(tx: SystemTx, id: string): Promise<TimeRequest> {
  const request = await readBack(tx, id);
  if (request.status !== "open") throw new Refusal("time_request_closed");
  return request;
}

/** @throws Refusal `time_request_not_found`, also for other people, to whom the policies show nothing */
async function readBack(tx: SystemTx, id: string): Promise<TimeRequest> {
  const request = await findRequest(tx, { id });
  if (!request) throw new Refusal("time_request_not_found");
  return request;
}

interface Proposals {
  by: BookingRole;
  round: number;
  starts: readonly EpochMs[];
}

/** Adds the starts of a round to a request, which may have been made by a statement that was sent just before. */
export async function writeProposals(
  { client }: SystemTx,
  { by, round, starts, ...request }: RequestKey & Pick<TimeRequest, "expert_id"> & Proposals,
): Promise<void> {
  await client.query(
    `insert into time_proposals (request_id, expert_id, proposed_by, round, place, starts_at)
       select r.id, r.expert_id, $4, $5, p.place, p.starts_at
       from time_requests r, unnest($6::timestamptz[]) with ordinality p (starts_at, place)
       where r.expert_id = $1 and (r.id = $2 or r.replaces_booking_id = $3)`,
    [
      request.expert_id,
      "id" in request ? request.id : null,
      "id" in request ? null : request.replaces_booking_id,
      by,
      round,
      inOrder(starts),
    ],
  );
}

function inOrder(starts: readonly EpochMs[]): Date[] {
  return starts.toSorted((a, b) => a - b).map((start) => new Date(start));
}
