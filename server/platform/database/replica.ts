import type { Kysely } from "kysely";
import pg from "pg";
import type { DB } from "../../../db/types.gen.ts";
import { abortableSleep } from "../abortableSleep.ts";
import { Refusal } from "../errors.ts";
import { messageOf } from "../startupError.ts";
import { whichDatabase } from "./connections.ts";

/** Reads as `anon`, on one server. */
export interface PublicReads {
  public: Pick<pg.Pool, "query">;
  publicDb: Kysely<DB>;
}

/** Who has answered the reads that a replica may answer, and why it was not the replica. */
type ReplicaOutcome = "replica" | "stale" | "failed" | "away";

export interface ReplicaFigures {
  isUsable: boolean;
  /** ms that the replica was behind when it was looked at last; undefined if it did not answer then. */
  lag: number | undefined;
  reads: Readonly<Record<ReplicaOutcome, number>>;
}

/** @param why the replica is not asked now; undefined once it is asked again */
type ReplicaListener = (why: string | undefined) => void;

export interface Replica {
  /**
   * Reads on the replica. While that is out of reach or far behind, when the read fails there, and when its answer is not
   * current, the primary is asked: a replica can cost time and never an answer.
   */
  read<T>(work: (reads: PublicReads) => Promise<T>, isCurrent?: (answer: T) => Promise<boolean>): Promise<T>;
  figures(): ReplicaFigures;
  onChange(listener: ReplicaListener): void;
  close(): Promise<void>;
}

export interface ReplicaOptions {
  /** ms between two looks at how far the replica is behind. */
  lookEvery?: number;
  /** ms; a replica that is further behind is not asked. */
  longestLag?: number;
}

/**
 * How far the log of the primary has been written, and how far it is replayed. As numbers, which hold 8 PB exactly. A replica
 * that has been promoted has no log of another server to replay.
 */
const writtenSql = "select pg_current_wal_lsn() - '0/0'::pg_lsn as lsn";
const replayedSql = `
  select case when pg_is_in_recovery() then pg_last_wal_replay_lsn() else pg_current_wal_lsn() end - '0/0'::pg_lsn as lsn,
    date_part('epoch', clock_timestamp() - pg_last_xact_replay_timestamp()) * 1000 as age`;

/** Looks at the replica from the first read on. */
export function openReplica(
  { replica, primary }: Record<"replica" | "primary", PublicReads>,
  { lookEvery = 1_000, longestLag = 10_000 }: ReplicaOptions = {},
): Replica {
  const reads = { replica: 0, stale: 0, failed: 0, away: 0 };
  const listeners: ReplicaListener[] = [];
  const closing = new AbortController();
  let looking: Promise<void> | undefined;
  let isUsable = false;
  let why: string | undefined;
  let lag: number | undefined;
  /** On the clock of performance.now(): all that the primary had written then has been replayed. */
  let levelAt: number | undefined;
  /** What the primary had written at each look that is not replayed yet. */
  let ahead: { lsn: number; at: number }[] = [];

  function judge(reason: string | undefined): void {
    const isChanged = reason === undefined ? !isUsable : isUsable || why === undefined;
    isUsable = reason === undefined;
    why = reason;
    if (isChanged) for (const listener of listeners) listener(reason);
  }

  async function isCopy(): Promise<boolean> {
    const [own, its] = await Promise.all([primary, replica].map((reads) => whichDatabase(reads.public)));
    return !own || !its || own.cluster === its.cluster;
  }

  async function look(): Promise<void> {
    // Free times are compared with the primary's; lists and reviews of another installation would simply be shown.
    if (!isUsable && !(await isCopy())) {
      judge("it is no standby of the primary");
      return;
    }
    const at = performance.now();
    const written = await primary.public.query<{ lsn: number }>(writtenSql);
    const { rows } = await replica.public.query<{ lsn: number; age: number | null }>(replayedSql);
    const [{ lsn = 0, age = null } = {}] = rows;
    ahead.push({ lsn: written.rows[0]?.lsn ?? 0, at });
    levelAt = ahead.findLast((one) => one.lsn <= lsn)?.at ?? levelAt;
    ahead = ahead.filter((one) => one.lsn > lsn);
    // The age is that of the last commit that was replayed, long ago if there was none since. What is not replayed is younger
    // than the last look at which nothing was missing.
    const sinceLevel = levelAt === undefined ? Number.POSITIVE_INFINITY : performance.now() - levelAt;
    lag = ahead.length === 0 ? 0 : Math.min(age ?? Number.POSITIVE_INFINITY, sinceLevel);
    judge(lag > longestLag ? `it is ${Math.round(lag / 1000)} s behind` : undefined);
  }

  async function lookRepeatedly(): Promise<void> {
    while (!closing.signal.aborted) {
      await look().catch((error: unknown) => {
        lag = undefined;
        judge(messageOf(error));
      });
      await abortableSleep(lookEvery, closing.signal, false);
    }
  }

  /** A replica that cannot be reached is not asked before it has been looked at again. */
  function fail(error: unknown): ReplicaOutcome {
    if (error instanceof Refusal) {
      // It has no such mentor yet, or more is asked of it at once than it does.
      return error.code === "overloaded" ? "failed" : "stale";
    }
    // Replaying the log may cancel what is in its way (40001, 57014); the next read may do.
    if (!(error instanceof pg.DatabaseError) || /^(08|53|57P)/.test(error.code ?? ""))
      judge(messageOf(error));
    return "failed";
  }

  return {
    read: async (work, isCurrent = async () => true) => {
      looking ??= lookRepeatedly();
      let outcome: ReplicaOutcome = "away";
      if (isUsable) {
        try {
          const answer = await work(replica);
          outcome = (await isCurrent(answer)) ? "replica" : "stale";
          if (outcome === "replica") {
            reads.replica += 1;
            return answer;
          }
        } catch (error) {
          outcome = fail(error);
        }
      }
      reads[outcome] += 1;
      return work(primary);
    },
    figures: () => ({ isUsable, lag, reads: { ...reads } }),
    onChange: (listener) => {
      listeners.push(listener);
      if (why !== undefined) listener(why);
    },
    close: async () => {
      closing.abort();
      await looking;
    },
  };
}
