// The least that any booking must cost: an insert into a table with the ledger's exclusion constraint, durable.
import type pg from "pg";

export interface BareInserts {
  /** Inserts for so long with so many concurrent clients, one statement each, never two at one time of one mentor. */
  insert(clients: number, milliseconds: number, mentors: readonly string[]): Promise<number>;
}

const insert = {
  name: "bare_insert",
  text: "insert into bare_occupancies (expert_id, during) values ($1, tstzrange($2, $2::timestamptz + interval '1 hour'))",
};

export async function openBareInserts(owner: pg.Client, pool: pg.Pool): Promise<BareInserts> {
  await owner.query(`
    create table bare_occupancies (
      id uuid primary key default gen_random_uuid(),
      expert_id uuid not null,
      during tstzrange not null,
      exclude using gist (expert_id with =, during with &&))`);
  const nextHour = new Map<string, number>();
  let turn = 0;
  return {
    async insert(clients, milliseconds, mentors) {
      const connections = await Promise.all(Array.from({ length: clients }, () => pool.connect()));
      const startedAt = performance.now();
      let count = 0;
      await Promise.all(
        connections.map(async (client) => {
          while (performance.now() - startedAt < milliseconds) {
            const mentor = mentors[turn++ % mentors.length]!;
            const hour = nextHour.get(mentor) ?? 500_000;
            nextHour.set(mentor, hour + 1);
            await client.query({ ...insert, values: [mentor, new Date(hour * 3_600_000)] });
            count += 1;
          }
        }),
      );
      const seconds = (performance.now() - startedAt) / 1000;
      for (const client of connections) client.release();
      return count / seconds;
    },
  };
}
