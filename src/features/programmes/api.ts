/** What a student and a mentor do with a programme. All functions throw ApiProblem. */
import type { Programme, UpdateProgramme } from "#contract/programmes.ts";
import type { JoinProgramme, Series } from "#contract/series.ts";
import { api } from "@/lib/api.ts";
import { reportedTimeZone } from "@/lib/time.ts";

/** A seat in each of its sessions, or in none. @param showsName whether the other attendees may see the student's name */
export function joinProgramme(
  { id, expert_id, price }: Programme,
  showsName: boolean,
  idempotencyKey: string,
): Promise<Series> {
  const timezone = reportedTimeZone();
  const wanted: JoinProgramme = {
    expert_id,
    pattern: "programme",
    programme_id: id,
    total_amount: price,
    ...(showsName && { shows_name: true }),
    ...(timezone && { timezone }),
  };
  return api.post("/api/v1/series", wanted, { headers: { "Idempotency-Key": idempotencyKey } });
}

export function changeProgramme(id: string, change: UpdateProgramme): Promise<Programme> {
  return api.patch(`/api/v1/mentors/me/programmes/${encodeURIComponent(id)}`, change);
}

export function cancelProgramme(id: string, reason: string): Promise<{ seats: number }> {
  const path = `/api/v1/mentors/me/programmes/${encodeURIComponent(id)}/cancel`;
  return api.post(path, reason === "" ? {} : { reason });
}
