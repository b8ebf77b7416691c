import { randomUUID } from "node:crypto";
import { buildApp } from "../app.ts";
import { openDatabase } from "../platform/database/database.ts";
import { migrate } from "../postgres/migrate.ts";
import {
  type IssuerKey,
  jwtSecret,
  makeIssuerKey,
  type SupabaseIssuer,
  startSupabaseIssuer,
} from "./supabaseIssuer.ts";
import { openSupabaseProject, type SupabaseProject } from "./supabaseProject.ts";
import { callWith, password, testConfig, testPublicUrl } from "./testApp.ts";

/** The key with every right at the project. */
const secretKey = "sb_secret_for_the_tests";
const publishableKey = "sb_publishable_for_the_tests";
/** The code of every person's authenticator app. */
export const factorCode = "123456";

/** The app on a Supabase project: its database, migrated as its owner, and its Auth, which keeps its rows there. */
export async function openSupabaseApp({ publicUrl = testPublicUrl } = {}) {
  const project = await openSupabaseProject();
  await migrate(project.owner);
  const key = await makeIssuerKey("ES256");
  const auth = await startAuth(project, key);
  auth.issuer.publish(key);
  const database = openDatabase({ url: project.ownerUrl });
  const supabase = { url: auth.issuer.url, publishableKey, secretKey, jwtSecret };
  const open = () =>
    buildApp({ config: { ...testConfig, publicUrl, supabase }, database, maxRequestAgeMs: 60_000 });
  const app = await open();
  await app.ready();
  return {
    project,
    database,
    supabase,
    app,
    key,
    ...auth,
    /** Another process of the same app. */
    openAnother: open,
    call: (headers: Record<string, string> = {}) => callWith(app, headers),
    close: async () => {
      await app.close();
      await database.close();
      await auth.issuer.close();
      await project.stop();
    },
  };
}

interface Account {
  id: string;
  email: string;
  password: string;
}

/** The calls of Supabase Auth that signing in needs, with the rows that GoTrue writes. */
async function startAuth({ admin }: SupabaseProject, key: IssuerKey) {
  const accounts = new Map<string, Account>();
  const refreshTokens = new Map<string, { account: Account; loginId: string }>();
  const loginOfToken = new Map<string, { account: Account; loginId: string }>();
  const project: { confirmsByMail: boolean; signsWith: IssuerKey | "shared secret" } = {
    confirmsByMail: false,
    signsWith: key,
  };
  let answers: "as usual" | { status: number; error_code: string } = "as usual";
  const refused = (status: number, error_code: string): [number, object] => [
    status,
    { code: status, error_code, msg: "of the platform" },
  ];

  async function createUser(
    changes: Record<string, unknown> = {},
    account: Partial<Account> = {},
  ): Promise<Account> {
    const { id = randomUUID(), email = `${randomUUID()}@example.com` } = account;
    const created = { id, email, password: account.password ?? password };
    const row = {
      id,
      aud: "authenticated",
      role: "authenticated",
      email,
      encrypted_password: "$2a$10$",
      email_confirmed_at: new Date(),
      raw_app_meta_data: { provider: "email", providers: ["email"] },
      raw_user_meta_data: { full_name: "Asha Rao" },
      created_at: new Date(),
      updated_at: new Date(),
      ...changes,
    };
    const columns = Object.keys(row);
    await admin.query(
      `insert into auth.users (${columns.join(", ")}) values (${columns.map((_, index) => `$${index + 1}`).join(", ")})`,
      Object.values(row),
    );
    accounts.set(email.toLowerCase(), created);
    return created;
  }

  async function signIn(
    account: Account,
    changes: Record<string, unknown> = {},
    claims: Record<string, unknown> = {},
  ) {
    const loginId = randomUUID();
    await admin.query(
      `insert into auth.sessions (id, user_id, created_at, updated_at, aal, not_after)
       values ($1, $2, now(), now(), $3, $4)`,
      [loginId, account.id, changes.aal ?? "aal1", changes.not_after ?? null],
    );
    return { loginId, token: await tokenOf(account, loginId, claims) };
  }

  async function tokenOf(
    account: Account,
    loginId: string,
    claims: Record<string, unknown> = {},
  ): Promise<string> {
    const token = await issuer.tokenFor(account, { key: project.signsWith, loginId, claims });
    loginOfToken.set(token, { account, loginId });
    return token;
  }

  async function sessionOf(account: Account, aal = "aal1"): Promise<[number, object]> {
    const { loginId, token } = await signIn(account, { aal });
    const refresh = randomUUID();
    refreshTokens.set(refresh, { account, loginId });
    const { rows } = await admin.query(
      "select id, status, factor_type from auth.mfa_factors where user_id = $1",
      [account.id],
    );
    const user = { id: account.id, email: account.email, ...(rows.length > 0 && { factors: rows }) };
    return [
      200,
      { access_token: token, token_type: "bearer", expires_in: 3600, refresh_token: refresh, user },
    ];
  }

  async function answer(path: string, body: unknown, token: string | undefined): Promise<[number, object]> {
    if (answers !== "as usual") return refused(answers.status, answers.error_code);
    const given = body as Record<string, string> & { data?: object };
    const known = accounts.get((given.email ?? "").toLowerCase());
    const login = loginOfToken.get(token ?? "");
    switch (path.replace(/[0-9a-f-]{36}/, ":id")) {
      case "/token?grant_type=password":
        if (!known || known.password !== given.password) return refused(400, "invalid_credentials");
        return sessionOf(known);
      case "/token?grant_type=refresh_token": {
        const refreshing = refreshTokens.get(given.refresh_token ?? "");
        refreshTokens.delete(given.refresh_token ?? "");
        if (!refreshing) return refused(400, "refresh_token_not_found");
        const access_token = await tokenOf(refreshing.account, refreshing.loginId);
        return [200, { access_token, refresh_token: randomUUID(), user: { id: refreshing.account.id } }];
      }
      case "/signup": {
        if (known)
          return project.confirmsByMail ? [200, { id: randomUUID() }] : refused(422, "user_already_exists");
        const account = await createUser(
          { raw_user_meta_data: given.data, ...(project.confirmsByMail && { email_confirmed_at: null }) },
          { email: given.email, password: given.password },
        );
        return project.confirmsByMail ? [200, { id: account.id, email: account.email }] : sessionOf(account);
      }
      case "/logout?scope=local":
        if (!login) return refused(403, "bad_jwt");
        await admin.query("delete from auth.sessions where id = $1", [login.loginId]);
        return [204, {}];
      case "/admin/users/:id": {
        if (token !== secretKey) return refused(401, "no_authorization");
        if (!Object.hasOwn(body as object, "should_soft_delete")) return refused(500, "unexpected_failure");
        const id = path.split("/").at(-1) ?? "";
        const { rowCount } = await admin.query(
          `update auth.users set email = 'obfuscated', encrypted_password = null, raw_user_meta_data = '{}', raw_app_meta_data = '{}',
             deleted_at = coalesce(deleted_at, now()) where id = $1`,
          [id],
        );
        await admin.query("delete from auth.sessions where user_id = $1", [id]);
        return rowCount ? [200, {}] : refused(404, "user_not_found");
      }
      case "/factors/:id/challenge":
        return login ? [200, { id: randomUUID(), type: "totp" }] : refused(403, "bad_jwt");
      case "/factors/:id/verify":
        if (!login) return refused(403, "bad_jwt");
        if (given.code !== factorCode) return refused(422, "mfa_verification_failed");
        return sessionOf(login.account, "aal2");
      default:
        return refused(404, "not_found");
    }
  }

  const issuer: SupabaseIssuer = await startSupabaseIssuer(answer);
  return {
    issuer,
    platform: project,
    createUser,
    signIn,
    /** Answers every call about signing in with this. */
    answerWith(what: typeof answers) {
      answers = what;
    },
    async addFactor(userId: string): Promise<void> {
      await admin.query(
        `insert into auth.mfa_factors (id, user_id, factor_type, status, created_at, updated_at)
         values (gen_random_uuid(), $1, 'totp', 'verified', now(), now())`,
        [userId],
      );
    },
  };
}

export type SupabaseApp = Awaited<ReturnType<typeof openSupabaseApp>>;
