// The guide's way over HTTP: its tables as they are, four queries for each day, and the client filters
// ("Database Queries" of the guide). No validation, no headers, nothing but the rows.
import Fastify, { type FastifyInstance } from "fastify";
import type { Queryable } from "../../server/platform/database/database.ts";

const statements = {
  recurring:
    "select * from availability_slots where expert_id = $1 and is_recurring and day_of_week = extract(dow from $2::date)",
  specific: "select * from availability_slots where expert_id = $1 and specific_date = $2::date",
  blocked:
    "select id, expert_id, date, created_at from blocked_dates where expert_id = $1 and date = $2::date",
  // The guide reads bookings, which their row level security hides from visitors; the ledger replaces them.
  booked:
    "select starts_at, ends_at from occupancies where expert_id = $1 and starts_at >= $2::date and starts_at < $2::date + 1",
};

/** @param executor answers as a visitor */
export function guideRoutes(executor: Queryable): FastifyInstance {
  const app = Fastify();
  for (const [name, text] of Object.entries(statements)) {
    app.get<{ Querystring: { mentor: string; date: string } }>(`/${name}`, async ({ query }) => {
      const { rows } = await executor.query({ name, text, values: [query.mentor, query.date] });
      return rows;
    });
  }
  return app;
}

/** Every request of one month's screen: four for each day. */
export function guideScreen(mentorId: string, dates: readonly string[]): string[] {
  return dates.flatMap((date) =>
    Object.keys(statements).map((name) => `/${name}?mentor=${mentorId}&date=${date}`),
  );
}
