// The slot engine beside the database: https://supabase.com/docs/guides/functions. See docs/supabase.md.
import "./temporal.ts";
import pg from "pg";
import { answerSlots } from "./answer.ts";

// Supabase sets the address. One connection is enough: each function instance answers few requests at a time.
const pool = new pg.Pool({ connectionString: Deno.env.get("SUPABASE_DB_URL") ?? "", max: 2 });

Deno.serve((request) => answerSlots(request, pool, Date.now()));
