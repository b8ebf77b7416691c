// The slot engine beside the database: https://supabase.com/docs/guides/functions. See docs/supabase.md.
import "./temporal.ts";
import pg from "pg";
import { answerSlots } from "./answer.ts";

/** The function's log has what happened, and nothing of the request or the address. */
// biome-ignore lint/suspicious/noConsole: Supabase logs what functions print.
const report = (error: unknown) => console.error(error instanceof Error ? error.message : String(error));

// Supabase sets the address. One connection is enough: each function instance answers few requests at a time.
const pool = new pg.Pool({
  connectionString: Deno.env.get("SUPABASE_DB_URL") ?? "",
  max: 2,
  connectionTimeoutMillis: 5_000,
});
// A pooler ends idle connections: without a listener that would end the function.
pool.on("error", report);

Deno.serve((request) => answerSlots(request, pool, Date.now(), report));
