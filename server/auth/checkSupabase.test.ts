import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { migrate } from "../postgres/migrate.ts";
import { loginsOf, openLogins } from "../postgres/openLogins.ts";
import { pgBouncerVersions, startPgBouncer } from "../testing/pgBouncer.ts";
import { makeIssuerKey, startSupabaseIssuer } from "../testing/supabaseIssuer.ts";
import { openSupabaseProject, type SupabaseProject } from "../testing/supabaseProject.ts";
import { openTestDatabase } from "../testing/testDatabase.ts";
import { checkSupabase } from "./checkSupabase.ts";

let project: SupabaseProject;
beforeAll(async () => {
  project = await openSupabaseProject();
});
afterAll(() => project?.stop());

async function check(url = project.ownerUrl, projectUrl?: string): Promise<string[]> {
  const findings = await checkSupabase(url, projectUrl);
  const lines = findings.map(({ is, text }) => `${is}: ${text}`);
  expect(lines.join("\n")).not.toContain("secret:");
  for (const line of lines) expect(line).not.toContain(`:${new URL(url).password || "no password"}@`);
  return lines;
}

it("before the first start, nothing is wrong and it says what will happen", async () => {
  const lines = await check();
  expect(lines.filter((line) => line.startsWith("wrong"))).toEqual([]);
  expect(lines).toContainEqual(expect.stringMatching(/^to know: No migration is applied yet/));
  expect(lines).toContainEqual(expect.stringMatching(/^to know: The app's roles .* will be created/));
});

it("before it, npm run logins says what comes first", async () => {
  const logins = loginsOf({ url: "postgres://matepeak_app:a-password@host/project" });
  await expect(openLogins(project.owner, logins)).rejects.toThrow(
    'role "matepeak_app" does not exist: npm run migrate creates it',
  );
});

describe("after it", () => {
  beforeAll(async () => {
    await migrate(project.owner);
  });

  it("everything is in order", async () => {
    const issuer = await startSupabaseIssuer();
    try {
      issuer.publish(await makeIssuerKey("ES256"));
      expect(
        (await check(project.ownerUrl, `${issuer.url}/`)).filter((line) => !line.startsWith("in order")),
      ).toEqual([]);
      issuer.publish();
      expect(await check(project.ownerUrl, issuer.url)).toContainEqual(
        expect.stringContaining("SUPABASE_JWT_SECRET"),
      );
      issuer.behave("null");
      expect((await check(project.ownerUrl, issuer.url)).at(-1)).toMatch(
        /^wrong: .*answers 200, without keys/,
      );
      issuer.behave("fails");
      expect((await check(project.ownerUrl, issuer.url)).at(-1)).toMatch(/^wrong: .*jwks.json answers 500/);
    } finally {
      await issuer.close();
    }
  });

  it("a connection to another machine has to be encrypted", async () => {
    const elsewhere = Object.assign(new URL(project.ownerUrl), { hostname: "[::ffff:127.0.0.1]" });
    expect((await check(elsewhere.href)).filter((line) => line.startsWith("wrong"))).toEqual([
      expect.stringMatching(/^wrong: The connection is not encrypted: add \?sslmode=verify-full/),
    ]);
  });

  it.each([
    [
      "create table public.open_to_all (id int)",
      "drop table public.open_to_all",
      /^wrong: Without row level security.*open_to_all/,
    ],
    [
      "drop policy profiles_not_anonymous on public.profiles",
      "create policy profiles_not_anonymous on public.profiles as restrictive for insert to authenticated with check (true)",
      /^wrong: Anonymous people may write in profiles/,
    ],
    [
      "alter publication supabase_realtime drop table public.bookings",
      "alter publication supabase_realtime add table public.bookings",
      /^wrong: Realtime's publication lacks bookings/,
    ],
    [
      "alter publication supabase_realtime add table public.reviews",
      "alter publication supabase_realtime drop table public.reviews",
      /^to know: Realtime's publication also has reviews/,
    ],
    [
      "update private.schema_migrations set checksum = 'x' || checksum where name like '%bookings%'",
      "update private.schema_migrations set checksum = substr(checksum, 2) where name like '%bookings%'",
      /^wrong: 1 files of the schema are not applied/,
    ],
  ])("it finds what is not: %s", async (breaking, mending, found) => {
    await project.owner.query(breaking);
    try {
      expect(await check()).toContainEqual(expect.stringMatching(found));
    } finally {
      await project.owner.query(mending);
    }
  });

  it("an Auth without what is read of it is found", async () => {
    await project.admin.query("alter table auth.sessions rename column not_after to ends_at");
    expect(await check()).toContainEqual(
      expect.stringMatching(/^wrong: In the schema auth .* sessions\.not_after:/),
    );
    await project.admin.query("alter table auth.sessions rename column ends_at to not_after");
  });

  it("a pooler in transaction mode is named", async () => {
    const [version] = pgBouncerVersions;
    if (!version) throw new Error("npm test installs PgBouncer first.");
    const bouncer = await startPgBouncer(version, "transaction", [project.ownerUrl]);
    try {
      expect(await check(bouncer.urlOf(project.ownerUrl))).toEqual([
        expect.stringMatching(/^wrong: .*transaction mode \(port 6543\)/),
      ]);
    } finally {
      await bouncer.stop();
    }
  });
});

it("a wrong password and another kind of database are said without their secrets", async () => {
  const url = new URL(project.ownerUrl);
  url.password = "very-wrong-password";
  const refused = await check(url.href);
  expect(refused).toEqual([expect.stringMatching(/^wrong: No connection: /)]);
  expect(refused.join()).not.toContain("very-wrong-password");
  await expect(check("https://project.supabase.co")).rejects.toThrow(/must look like postgres:/);
  const own = await openTestDatabase();
  expect(await check(own.ownerUrl)).toContainEqual(
    expect.stringMatching(/^wrong: The schema auth is MatePeak's own/),
  );
  await own.drop();
});
