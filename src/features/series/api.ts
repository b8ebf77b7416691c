import type { CreateSeries, Series } from "#contract/series.ts";
import { api } from "@/lib/api.ts";

/** Books the sessions of a series, all or none. Trying again needs the same key. @throws ApiProblem */
export function createSeries(wanted: CreateSeries, idempotencyKey: string): Promise<Series> {
  return api.post("/api/v1/series", wanted, { headers: { "idempotency-key": idempotencyKey } });
}
