import pg from "pg";
import { startThrowawayPostgres } from "../postgres/embedded.ts";

export interface SupabaseProject {
  /** The role that a project's owner gets: `postgres` there, no superuser. */
  owner: pg.Client;
  ownerUrl: string;
  /** What PostgREST logs in as, to act as anon, authenticated or service_role. */
  restUrl: string;
  /** Supabase's own superuser. */
  admin: pg.Client;
  adminUrl: string;
  stop(): Promise<void>;
}

/**
 * A database as Supabase provides it: its roles, its `auth` schema that belongs to the platform with the tables that its Auth
 * (GoTrue v2.180) makes, extensions in a schema of their own, the publication of Realtime, and default privileges that
 * open whatever is made in `public`. Own cluster, as roles are cluster-wide.
 */
export async function openSupabaseProject(
  starting: Promise<{ adminUrl: string; stop(): Promise<void> }> = startThrowawayPostgres(),
): Promise<SupabaseProject> {
  const server = await starting;
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
    adminUrl: url(),
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
  create role project_owner login createrole createdb bypassrls replication password 'secret';
  grant anon, authenticated, service_role to project_owner with admin option`;

const schemasSql = `
  create schema extensions;
  grant all on schema extensions to project_owner;
  grant usage on schema extensions to anon, authenticated, service_role;
  create extension pg_trgm schema extensions;
  create extension pgcrypto schema extensions;
  create publication supabase_realtime;
  alter publication supabase_realtime owner to project_owner;

  create schema auth authorization supabase_auth_admin;
  grant usage on schema auth to anon, authenticated, service_role, project_owner;
  set role supabase_auth_admin;
  create type auth.aal_level as enum ('aal1', 'aal2', 'aal3');
  create type auth.factor_type as enum ('totp', 'webauthn', 'phone');
  create type auth.factor_status as enum ('unverified', 'verified');
  create table auth.users (
    instance_id uuid, id uuid primary key, aud varchar(255), role varchar(255), email varchar(255),
    encrypted_password varchar(255), email_confirmed_at timestamptz, invited_at timestamptz,
    confirmation_token varchar(255), confirmation_sent_at timestamptz, recovery_token varchar(255),
    recovery_sent_at timestamptz, email_change_token_new varchar(255), email_change varchar(255),
    email_change_sent_at timestamptz, last_sign_in_at timestamptz, raw_app_meta_data jsonb, raw_user_meta_data jsonb,
    is_super_admin boolean, created_at timestamptz, updated_at timestamptz, phone text unique default null,
    phone_confirmed_at timestamptz, phone_change text default '', phone_change_token varchar(255) default '',
    phone_change_sent_at timestamptz,
    confirmed_at timestamptz generated always as (least(email_confirmed_at, phone_confirmed_at)) stored,
    email_change_token_current varchar(255) default '', email_change_confirm_status smallint default 0
      check (email_change_confirm_status between 0 and 2),
    banned_until timestamptz, reauthentication_token varchar(255) default '', reauthentication_sent_at timestamptz,
    is_sso_user boolean not null default false, deleted_at timestamptz, is_anonymous boolean not null default false);
  create unique index users_email_partial_key on auth.users (email) where is_sso_user = false;
  create table auth.sessions (
    id uuid primary key, user_id uuid not null references auth.users (id) on delete cascade, created_at timestamptz,
    updated_at timestamptz, factor_id uuid, aal auth.aal_level, not_after timestamptz, refreshed_at timestamp,
    user_agent text, ip inet, tag text);
  create table auth.mfa_factors (
    id uuid primary key, user_id uuid not null references auth.users (id) on delete cascade, friendly_name text,
    factor_type auth.factor_type not null, status auth.factor_status not null, created_at timestamptz not null,
    updated_at timestamptz not null, secret text, phone text);
  alter table auth.users enable row level security;
  alter table auth.sessions enable row level security;
  alter table auth.mfa_factors enable row level security;
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
  grant select on auth.users, auth.sessions, auth.mfa_factors to project_owner with grant option;
  grant references, trigger on auth.users to project_owner;
  reset role`;

const defaultPrivilegesSql = `
  grant usage on schema public to anon, authenticated, service_role;
  alter default privileges in schema public grant all on tables to anon, authenticated, service_role;
  alter default privileges in schema public grant all on functions to anon, authenticated, service_role;
  alter default privileges in schema public grant all on sequences to anon, authenticated, service_role;
  alter default privileges grant execute on functions to anon, authenticated, service_role;
  alter default privileges grant all on tables to service_role`;
