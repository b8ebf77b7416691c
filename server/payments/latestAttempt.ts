import { type RawBuilder, sql } from "kysely";

/** What a payment shows of its attempts: the one that pays for it, or else the latest. */
export interface LatestAttempt {
  failure: string | null;
  state: string;
  method: string | null;
  created_at: string;
}

/** @param payment the alias of `payments` in the statement */
export function latestAttemptOf(payment: string): RawBuilder<LatestAttempt | null> {
  const column = (name: string) => sql.ref(`${payment}.${name}`);
  return sql<LatestAttempt | null>`(
    select json_build_object('failure', a.failure_message, 'state', a.state, 'method', a.method, 'created_at', a.created_at)
    from payment_attempts a where a.payment_id = ${column("id")} and a.expert_id = ${column("expert_id")}
    order by (a.id is not distinct from ${column("accepted_attempt_id")}) desc, a.created_at desc limit 1)`;
}

/** Why the last attempt failed; null if it did not. */
export function failureOf(attempt: LatestAttempt | null): string | null {
  return attempt?.state === "failed" ? (attempt.failure ?? "") : null;
}
