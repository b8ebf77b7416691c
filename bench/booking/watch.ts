// Looks at what passes between the app and its database, from outside: how long each step of a booking's transaction
// takes, by the name of its statement.
import type pg from "pg";
import type { Database, SystemTx } from "../../server/platform/database/database.ts";

export class Watch {
  /** ms per step, of every transaction since the last `reset`. */
  private readonly steps = new Map<string, number[]>();

  reset(): void {
    this.steps.clear();
  }

  /** The median ms of each step, in the order in which they come; "transaction" is the whole. */
  medians(): Map<string, number> {
    return new Map(Array.from(this.steps, ([name, times]) => [name, median(times)]));
  }

  wrap(database: Database): Database {
    return {
      ...database,
      asSystem: async (reason, actorId, work) => {
        const took = new Map<string, number>();
        const askedAt = performance.now();
        let workedUntil = askedAt;
        const result = await database.asSystem(reason, actorId, async (tx) => {
          took.set("begin", performance.now() - askedAt);
          const answer = await work(watched(tx, took));
          workedUntil = performance.now();
          return answer;
        });
        took.set("commit", performance.now() - workedUntil);
        took.set("transaction", performance.now() - askedAt);
        for (const [step, ms] of took) this.note(step, ms);
        return result;
      },
    };
  }

  private note(step: string, ms: number): void {
    const times = this.steps.get(step);
    if (times) times.push(ms);
    else this.steps.set(step, [ms]);
  }
}

function watched(tx: SystemTx, took: Map<string, number>): SystemTx {
  let freeSince = performance.now();
  const add = (step: string, ms: number) => took.set(step, (took.get(step) ?? 0) + ms);
  const query = async (statement: pg.QueryConfig) => {
    const askedAt = performance.now();
    add("between statements", askedAt - freeSince);
    const result = await tx.client.query(statement);
    freeSince = performance.now();
    add(statement.name ?? "unnamed", freeSince - askedAt);
    return result;
  };
  return { ...tx, client: { query } as SystemTx["client"] };
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;
}
