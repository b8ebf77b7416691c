import pg from "pg";
import { postgresUrls } from "../../server/testing/postgres.ts";
import type { TestDatabase } from "../../server/testing/testDatabase.ts";
import { type Statement, verdict } from "./actor.ts";

export interface Move {
  /** Who is signed in. */
  id: string;
  statement: Statement;
}

export interface Crowd {
  /** Lets all of them act at the same moment. Returns how often each result occurred. */
  storm(moves: Move[]): Promise<Record<string, number>>;
  leave(): Promise<void>;
}

/**
 * People with a connection each, logged in as the app and acting as `authenticated`, the way a REST layer over the
 * database does.
 */
export async function gatherCrowd(db: TestDatabase, size: number): Promise<Crowd> {
  const url = new URL(postgresUrls().appUrl);
  url.pathname = new URL(db.ownerUrl).pathname;
  const clients = Array.from({ length: size }, () => new pg.Client({ connectionString: url.href }));
  await Promise.all(clients.map((client) => client.connect()));
  return {
    storm: async (moves) => {
      if (moves.length > size) throw new Error(`${moves.length} moves for ${size} people.`);
      await Promise.all(moves.map(({ id }, index) => signIn(clients[index]!, id)));
      const outcomes = await Promise.all(
        moves.map(({ statement }, index) => verdict(clients[index]!.query(statement.text, statement.values))),
      );
      const counts: Record<string, number> = {};
      for (const outcome of outcomes) counts[outcome] = (counts[outcome] ?? 0) + 1;
      return counts;
    },
    leave: async () => {
      await Promise.all(clients.map((client) => client.end()));
    },
  };
}

async function signIn(client: pg.Client, id: string): Promise<void> {
  const claims = JSON.stringify({ sub: id, role: "authenticated" });
  await client.query(
    "select set_config('role', 'authenticated', false), set_config('request.jwt.claims', $1, false)",
    [claims],
  );
}
