import type { z } from "zod";
import type { QuoteTogether, quoteProgrammeRequest } from "#contract/offers.ts";
import { moneyOfMinor } from "#rules/money.ts";
import type { EpochMs } from "#scheduling/units.ts";
import { offerRefusals, programmeRefusals } from "#words/refusals.ts";
import { startsAround } from "../baskets/judgeTogether.ts";
import { type AskedCoupon, priceTogether } from "../offers/priceTogether.ts";
import { presentTogether } from "../offers/quote.ts";
import type { SystemTx } from "../platform/database/database.ts";
import { findMentorId } from "../platform/database/directory.ts";
import { Refusal, refuseField } from "../platform/errors.ts";
import type { Dependencies } from "../platform/http/route.ts";
import { type FoundProgramme, findProgramme } from "../programmes/queries.ts";
import { readSchedule } from "../slots/queries.ts";

/** A programme that can be booked now. @throws Refusal `programme_not_found`, `slot_unavailable`, `slot_taken` */
export async function requireOpenProgramme(
  { client }: Pick<SystemTx, "client">,
  mentorId: string,
  id: string,
): Promise<FoundProgramme> {
  const found = await findProgramme(client, mentorId, id);
  if (!found) throw new Refusal("programme_not_found");
  const { state, book_until, seats_left } = found.programme;
  if (state === "cancelled") throw new Refusal("slot_unavailable", { detail: programmeRefusals.over });
  if (book_until === null) throw new Refusal("slot_unavailable", { detail: programmeRefusals.closed });
  if (seats_left === 0) throw new Refusal("slot_taken", { detail: programmeRefusals.full });
  return found;
}

/**
 * What a seat in each of its sessions costs: every one has its share of the price, which a coupon lowers by proportion.
 * @throws Refusal `validation_failed`, `coupon_not_found`, `coupon_not_usable`
 */
export async function priceProgramme(
  tx: Pick<SystemTx, "client">,
  asked: AskedCoupon,
  { programme, remaining }: FoundProgramme,
  now: EpochMs,
) {
  const { service_id, duration, currency } = programme;
  const starts = remaining.map(({ startsAt }) => startsAt);
  const read = await readSchedule(tx.client, asked.mentorId, startsAround(starts, now));
  const service = read.services.find(({ id }) => id === service_id);
  if (!service) throw refuseField("programme_id", offerRefusals.service);
  const chosen = remaining.map(({ startsAt, shareMinor }) => ({
    session_type: service.session_type,
    service_id,
    duration,
    add_recording: false,
    startsAt,
    // As the programme sells it.
    service: { ...service, durations: [{ minutes: duration, price: moneyOfMinor(shareMinor, currency) }] },
  }));
  const priced = await priceTogether(tx, asked, chosen, { credit: false });
  return { read, chosen, priced };
}

/**
 * What a seat in each session of a programme would cost the student now, as `POST /series` computes it.
 * @throws Refusal `mentor_not_found`, `programme_not_found`, `slot_unavailable`, `slot_taken`, `validation_failed`,
 * `coupon_not_found`, `coupon_not_usable`
 */
export async function quoteProgramme(
  { database, now }: Dependencies,
  studentId: string,
  mentor: string,
  programmeId: string,
  { coupon_code: code }: z.output<typeof quoteProgrammeRequest>,
): Promise<QuoteTogether> {
  const client = { client: database.commands };
  const mentorId = await findMentorId(database.public, mentor);
  const found = await requireOpenProgramme(client, mentorId, programmeId);
  const { priced } = await priceProgramme(client, { mentorId, studentId, code }, found, now());
  return presentTogether(priced);
}
