// Looks at what passes between the app and its database, from outside: how long the call of a booking takes.
import type { Database } from "../../server/platform/database/database.ts";

export class Watch {
  /** ms, of every call since the last `reset`. */
  private times: number[] = [];

  reset(): void {
    this.times = [];
  }

  /** The median ms of a call. */
  median(): number {
    if (this.times.length === 0) throw new Error("No booking was made by a call.");
    return this.times.toSorted((a, b) => a - b)[Math.floor(this.times.length / 2)]!;
  }

  wrap(database: Database): Database {
    const { commands } = database;
    const query = async (statement: Parameters<typeof commands.query>[0]) => {
      const askedAt = performance.now();
      const result = await commands.query(statement);
      this.times.push(performance.now() - askedAt);
      return result;
    };
    return { ...database, commands: { ...commands, query: query as typeof commands.query } };
  }
}
