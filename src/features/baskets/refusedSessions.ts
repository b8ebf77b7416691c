import type { RefusedSession } from "#contract/slots.ts";
import type { ApiProblem } from "@/lib/api.ts";

/** The sessions that cannot be booked, if that is why none was. */
export function refusedOf(problem: ApiProblem | null): readonly RefusedSession[] {
  return problem?.said.refused_sessions ?? [];
}
