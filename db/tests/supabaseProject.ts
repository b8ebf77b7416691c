import pg from "pg";
import { startThrowawayPostgres } from "../../server/postgres/embedded.ts";

export interface SupabaseProject {
  /** The role that a project's owner gets: `postgres` there, no superuser. */
  owner: pg.Client;
  ownerUrl: string;
  /** What PostgREST logs in as, to act as anon, authenticated or service_role. */
  restUrl: string;
  /** Supabase's own superuser. */
  admin: pg.Client;
  stop(): Promise<void>;
}

/**
 * A database as Supabase provides it: its roles, its `auth` schema that belongs to the platform, extensions in a
 * schema of their own, and default privileges that open whatever is made in `public`. Own cluster, as roles are
 * cluster-wide.
 */
export async function openSupabaseProject(): Promise<SupabaseProject> {
  const server = await startThrowawayPostgres();
  const bare = await connect(server.adminUrl);
  await bare.query(rolesSql);
  await bare.query("create database project owner project_owner");
  await bare.end();

  const url = (login?: string) => {
    const changed = new URL(server.adminUrl);
    changed.pathname = "/project";
    if (login) {
      changed.username = login;
      changed.password = "secret";
    }
    return changed.href;
  };
  const admin = await connect(url());
  await admin.query(schemasSql);
  const ownerUrl = url("project_owner");
  const owner = await connect(ownerUrl);
  await owner.query(defaultPrivilegesSql);
  return {
    owner,
    ownerUrl,
    restUrl: url("authenticator"),
    admin,
    stop: async () => {
      await Promise.all([owner.end(), admin.end()]);
      await server.stop();
    },
  };
}

async function connect(connectionString: string): Promise<pg.Client> {
  const client = new pg.Client({ connectionString });
  await client.connect();
  return client;
}

const rolesSql = `
  create role anon nologin noinherit;
  create role authenticated nologin noinherit;
  create role service_role nologin noinherit bypassrls;
  create role authenticator login noinherit password 'secret';
  grant anon, authenticated, service_role to authenticator;
  create role supabase_auth_admin nologin noinherit createrole;
  create role project_owner login createrole createdb bypassrls password 'secret';
  grant anon, authenticated, service_role to project_owner with admin option`;

const schemasSql = `
  create schema extensions;
  grant all on schema extensions to project_owner;
  grant usage on schema extensions to anon, authenticated, service_role;
  create extension pg_trgm schema extensions;

  create schema auth authorization supabase_auth_admin;
  grant usage on schema auth to anon, authenticated, service_role, project_owner;
  set role supabase_auth_admin;
  create table auth.users (
    instance_id uuid, id uuid primary key, aud varchar(255), role varchar(255), email varchar(255),
    encrypted_password varchar(255), email_confirmed_at timestamptz, raw_app_meta_data jsonb, raw_user_meta_data jsonb, is_super_admin boolean,
    created_at timestamptz, updated_at timestamptz);
  create table auth.sessions (
    id uuid primary key, user_id uuid not null references auth.users (id) on delete cascade, created_at timestamptz);
  alter table auth.users enable row level security;
  alter table auth.sessions enable row level security;
  create function auth.uid() returns uuid language sql stable as $$
    select coalesce(
      nullif(current_setting('request.jwt.claim.sub', true), ''),
      (nullif(current_setting('request.jwt.claims', true), '')::jsonb ->> 'sub'))::uuid $$;
  create function auth.role() returns text language sql stable as $$
    select coalesce(
      nullif(current_setting('request.jwt.claim.role', true), ''),
      (nullif(current_setting('request.jwt.claims', true), '')::jsonb ->> 'role')) $$;
  create function auth.jwt() returns jsonb language sql stable as $$
    select coalesce(
      nullif(current_setting('request.jwt.claim', true), ''),
      nullif(current_setting('request.jwt.claims', true), ''))::jsonb $$;
  grant select, references on auth.users, auth.sessions to project_owner;
  reset role`;

const defaultPrivilegesSql = `
  grant usage on schema public to anon, authenticated, service_role;
  alter default privileges in schema public grant all on tables to anon, authenticated, service_role;
  alter default privileges in schema public grant all on functions to anon, authenticated, service_role;
  alter default privileges in schema public grant all on sequences to anon, authenticated, service_role;
  alter default privileges grant execute on functions to anon, authenticated, service_role;
  alter default privileges grant all on tables to service_role`;
