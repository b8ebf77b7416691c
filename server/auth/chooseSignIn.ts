import type { Database } from "../platform/database/database.ts";
import { StartupError } from "../platform/startupError.ts";
import { openLibrarySignIn } from "./librarySignIn.ts";
import type { SignIn } from "./signIn.ts";
import { openSupabaseSignIn } from "./supabase/supabaseSignIn.ts";

export type SignInOptions = Parameters<typeof openLibrarySignIn>[0];

/** Opens what the configuration chooses. */
export function chooseSignIn(surroundings: SignInOptions): SignIn {
  const { supabase } = surroundings.config;
  return supabase ? openSupabaseSignIn({ ...surroundings, supabase }) : openLibrarySignIn(surroundings);
}

/** @throws StartupError if the database's accounts are not those that the configuration chooses */
export async function checkAccounts(database: Database, config: { supabase?: unknown }): Promise<void> {
  const { rows } = await database.public.query<{ ours: boolean }>(
    `select exists (
       select from pg_class where relname = 'verifications' and relnamespace = to_regnamespace('auth')) as ours`,
  );
  if (rows[0]?.ours === !config.supabase) return;
  throw new StartupError(
    config.supabase
      ? "AUTH=supabase is refused: the schema auth of this database is MatePeak's own and not of Supabase."
      : "The schema auth of this database belongs to Supabase: set AUTH=supabase.",
  );
}
