/** What a student and a mentor do with a programme. All functions throw ApiProblem. */
import type { Programme, UpdateProgramme } from "#contract/programmes.ts";
import type { JoinProgramme, Series } from "#contract/series.ts";
import { api } from "@/lib/api.ts";
import { reportedTimeZone } from "@/lib/time.ts";

/** What is asked for: a seat in each of its sessions. @param agreed what the student has chosen, and the total that was shown */
export function requestToJoin(
  { id, expert_id }: Programme,
  {
    total,
    showsName,
    couponCode,
  }: { total: number; showsName: boolean | undefined; couponCode: string | undefined },
): JoinProgramme {
  const timezone = reportedTimeZone();
  return {
    expert_id,
    pattern: "programme",
    programme_id: id,
    total_amount: total,
    ...(showsName && { shows_name: true }),
    ...(couponCode && { coupon_code: couponCode }),
    ...(timezone && { timezone }),
  };
}

/** All of the seats, or none. */
export function joinProgramme(wanted: JoinProgramme, idempotencyKey: string): Promise<Series> {
  return api.post("/api/v1/series", wanted, { headers: { "Idempotency-Key": idempotencyKey } });
}

export function changeProgramme(id: string, change: UpdateProgramme): Promise<Programme> {
  return api.patch(`/api/v1/mentors/me/programmes/${encodeURIComponent(id)}`, change);
}

export function cancelProgramme(id: string, reason: string): Promise<{ seats: number }> {
  const path = `/api/v1/mentors/me/programmes/${encodeURIComponent(id)}/cancel`;
  return api.post(path, reason === "" ? {} : { reason });
}
