import { createHash } from "node:crypto";
import { type ErrorCode, errors } from "#contract/errors.ts";
import type { Database, SystemTx } from "./database/database.ts";
import type { ProblemDetails } from "./errors.ts";
import { Refusal, refusalFromDatabase } from "./errors.ts";
import type { Identity } from "./http/identity.ts";

export interface IdempotentRequest {
  key: string;
  /** Hash of the request: reusing a key for another request is an error. */
  fingerprint: string;
}

export function idempotentRequest(
  key: string | undefined,
  route: string,
  body: unknown,
): IdempotentRequest | undefined {
  if (key === undefined) return undefined;
  return {
    key,
    fingerprint: createHash("sha256")
      .update(`${route}\n${JSON.stringify(body)}`)
      .digest("hex"),
  };
}

type Recorded<T> = { answer: T } | { refusal: { code: ErrorCode; details: ProblemDetails } };

interface StoredRow<T> {
  request_hash: string;
  body: Recorded<T> | null;
}

/**
 * Runs `work` in one system transaction, at most once per person and key. The key's row is inserted first, in the same
 * transaction, so a simultaneous duplicate waits for the first request and gets the same response. Refusals are recorded
 * too; defects and outages are not, so that a retry can succeed.
 */
export async function onceOnly<T>(
  database: Database,
  caller: Pick<Identity, "id">,
  request: IdempotentRequest | undefined,
  reason: string,
  work: (tx: SystemTx) => Promise<T>,
): Promise<T> {
  if (!request) return database.asSystem(reason, caller.id, work);
  try {
    return await database.asSystem(reason, caller.id, async (tx) => {
      const earlier = await claim<T>(tx, caller.id, request);
      if (earlier) return replay(earlier);
      const answer = await work(tx);
      await record(tx.last, caller.id, request, { answer });
      return answer;
    });
  } catch (error) {
    const refusal = error instanceof Refusal ? error : refusalFromDatabase(error);
    if (!refusal || !isLasting(refusal)) throw error;
    await database.asSystem("remember a refusal for its key", caller.id, async (tx) => {
      if (await claim(tx, caller.id, request)) return;
      await record(tx.last, caller.id, request, {
        refusal: { code: refusal.code, details: refusal.details },
      });
    });
    throw error;
  }
}

/** Whether a refusal is about the request itself, and not about the server's state or the key. */
function isLasting(refusal: Refusal): boolean {
  if (refusal instanceof Replayed || refusal.code === "idempotency_key_reused") return false;
  return errors[refusal.code].status < 500;
}

/** A refusal that was recorded earlier. */
class Replayed extends Refusal {}

function replay<T>(earlier: Recorded<T>): T {
  if ("answer" in earlier) return earlier.answer;
  throw new Replayed(earlier.refusal.code, earlier.refusal.details);
}

/** Claims the key, or returns what was recorded under it. */
async function claim<T>(
  tx: SystemTx,
  userId: string,
  { key, fingerprint }: IdempotentRequest,
): Promise<Recorded<T> | undefined> {
  const taken = await tx.client.query({
    name: "idempotency_claim",
    text: `insert into private.idempotency_keys (user_id, key, request_hash) values ($1, $2, $3)
           on conflict (user_id, key) do nothing`,
    values: [userId, key, fingerprint],
  });
  if (taken.rowCount === 1) return undefined;
  const { rows } = await tx.client.query<StoredRow<T>>({
    name: "idempotency_read",
    text: "select request_hash, body from private.idempotency_keys where user_id = $1 and key = $2",
    values: [userId, key],
  });
  const [row] = rows;
  if (!row?.body) throw new Refusal("request_in_progress");
  if (row.request_hash !== fingerprint) throw new Refusal("idempotency_key_reused");
  return row.body;
}

async function record<T>(
  tx: SystemTx,
  userId: string,
  { key }: IdempotentRequest,
  body: Recorded<T>,
): Promise<void> {
  await tx.client.query({
    name: "idempotency_record",
    text: "update private.idempotency_keys set body = $3 where user_id = $1 and key = $2",
    values: [userId, key, JSON.stringify(body)],
  });
}
