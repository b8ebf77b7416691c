import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from "vitest";
import { me } from "#contract/accounts.ts";
import { fieldErrors } from "#words/fields.ts";
import type { Answer } from "../testing/answer.ts";
import {
  openTestApp,
  type Person,
  password,
  type TestApp,
  testPublicUrl,
  testSecret,
} from "../testing/testApp.ts";
import { openAccounts } from "./accounts.ts";

let test: TestApp;
let asha: Person;
beforeAll(async () => {
  test = await openTestApp({ passwords: "slow" });
  asha = await test.signUp("Asha");
});
afterAll(() => test.close());
afterEach(() => vi.useRealTimers());

function setCookies(answer: Answer): string[] {
  return [answer.headers["set-cookie"] ?? []].flat().map(String);
}

/** What a browser would send back. */
function cookieHeader(answer: Answer): string {
  return setCookies(answer)
    .map((cookie) => cookie.split(";")[0])
    .join("; ");
}

const signIn = (body: unknown, headers = {}) =>
  test.visitor("POST", "/api/auth/sign-in/email", body, headers);
const ownSite = { origin: testPublicUrl, "sec-fetch-site": "same-origin" };

describe("with a cookie", () => {
  it("signs in with a cookie no script can read and no other site can send", async () => {
    const answer = (await signIn({ email: asha.email, password }, ownSite)).expect(200);
    const cookies = setCookies(answer);
    expect(cookies.length).toBeGreaterThan(0);
    for (const cookie of cookies) expect(cookie).toMatch(/^matepeak\.[^;]+;.*HttpOnly; SameSite=Lax$/);
    const who = (await test.visitor("GET", "/me", undefined, { cookie: cookieHeader(answer) })).read(me);
    expect(who).toMatchObject({ id: asha.id, email: asha.email, name: "Asha", mentor: null });
  });

  it("marks the cookie Secure on an https address", async () => {
    const secure = await openTestApp({ publicUrl: "https://matepeak.example" });
    const body = { name: "B", email: "b@example.com", password };
    const answer = await secure.visitor("POST", "/api/auth/sign-up/email", body);
    for (const cookie of setCookies(answer.expect(200))) {
      expect(cookie).toMatch(/^__Secure-matepeak\./);
      expect(cookie).toContain("; Secure");
    }
    await secure.close();
  });

  it("forgets the login at sign-out, also for a copy of the cookie", async () => {
    const cookie = cookieHeader(await signIn({ email: asha.email, password }, ownSite));
    const out = await test.visitor("POST", "/api/auth/sign-out", {}, { ...ownSite, cookie });
    for (const gone of setCookies(out.expect(200))) expect(gone).toMatch(/=; Max-Age=0/);
    // The signed copy of the login in the second cookie may live for a minute; the login itself is gone.
    const session = cookie.split("; ").filter((one) => one.startsWith("matepeak.session_token"));
    (await test.visitor("GET", "/me", undefined, { cookie: session.join() })).problem("unauthenticated");
  });

  it("refuses writes that another site's page sends with it", async () => {
    const cookie = cookieHeader(await signIn({ email: asha.email, password }, ownSite));
    const from = (headers: Record<string, string>) =>
      test.visitor("PATCH", "/me", { name: "Asha" }, { cookie, ...headers });
    (await from({ origin: "https://evil.example", "sec-fetch-site": "cross-site" })).problem("forbidden");
    (await from({ origin: "null" })).problem("forbidden");
    (await from({ "sec-fetch-site": "cross-site" })).problem("forbidden");
    (await from({ "sec-fetch-site": "same-site" })).problem("forbidden");
    (await from({ origin: `${testPublicUrl}.evil.example` })).problem("forbidden");
    (await from(ownSite)).expect(200);
    const out = { cookie, origin: "https://evil.example" };
    (await test.visitor("POST", "/api/auth/sign-out", {}, out)).problem("forbidden");
    (await test.visitor("GET", "/me", undefined, { cookie, origin: "https://evil.example" })).expect(200);
  });

  it("is not impressed by a cookie it did not make", async () => {
    for (const cookie of [
      "matepeak.session_token=forged.signature",
      "matepeak.session_data=eyJzZXNzaW9uIjp7fX0",
      "matepeak.session_token=%E0%A4%A",
      "=;;;==",
    ]) {
      (await test.visitor("GET", "/me", undefined, { cookie })).problem("unauthenticated");
    }
  });
});

describe("with a bearer token", () => {
  it("needs no Origin, because no browser sends it by itself", async () => {
    expect((await asha.call("PATCH", "/me", { timezone: "Asia/Kolkata" })).read(me).timezone).toBe(
      "Asia/Kolkata",
    );
    const elsewhere = { origin: "https://script.example" };
    (await asha.call("PATCH", "/me", { name: "Asha" }, elsewhere)).expect(200);
  });

  it("ends with its login", async () => {
    const ben = await test.signUp("Ben");
    (await ben.call("GET", "/me")).expect(200);
    (await ben.call("POST", "/api/auth/sign-out", {})).expect(200);
    (await ben.call("GET", "/me")).problem("unauthenticated");
  });

  it("ends immediately when its login is revoked elsewhere, and within half a minute without a notification", async () => {
    const [eve, ada] = [await test.signUp("Eve"), await test.signUp("Ada")];
    for (const person of [eve, ada]) (await person.call("GET", "/me")).expect(200);
    await test.db.owner.query("delete from auth.sessions where user_id = $1", [ada.id]);
    await expect.poll(async () => (await ada.call("GET", "/me")).status).toBe(401);
    await test.db.owner.query("alter table auth.sessions disable trigger user");
    await test.db.owner.query("delete from auth.sessions where user_id = $1", [eve.id]);
    await test.db.owner.query("alter table auth.sessions enable trigger user");
    (await eve.call("GET", "/me")).expect(200);
    vi.useFakeTimers({ toFake: ["Date"], now: Date.now() + 31_000 });
    (await eve.call("GET", "/me")).problem("unauthenticated");
  });

  it.each([
    ["an unknown token", "Bearer unknown"],
    ["a token with a forged signature", "Bearer abc.def"],
    ["broken percent signs", "Bearer %E0%A4%A"],
    ["nothing after the word", "Bearer "],
    ["another scheme", "Basic YWxhZGRpbjpvcGVu"],
    ["a very long token", `Bearer ${"x".repeat(8000)}`],
    ["a token with a NUL", "Bearer %00.%00"],
  ])("takes %s for a visitor", async (_what, authorization) => {
    (await test.visitor("GET", "/me", undefined, { authorization })).problem("unauthenticated");
  });
});

describe("accounts", () => {
  it("names the invalid field of a sign-up", async () => {
    const good = { name: "Cara", email: "cara@example.com", password };
    const refused = async (change: object) => {
      const answer = await test.visitor("POST", "/api/auth/sign-up/email", { ...good, ...change });
      return answer.problem("validation_failed").errors?.[0]?.field;
    };
    expect(await refused({ name: " " })).toBe("name");
    expect(await refused({ name: "x".repeat(121) })).toBe("name");
    expect(await refused({ name: "a\u0000b" })).toBe("name");
    expect(await refused({ name: 5 })).toBe("name");
    expect(await refused({ email: "cara" })).toBe("email");
    expect(await refused({ email: { $gt: "" } })).toBe("email");
    expect(await refused({ email: `${"x".repeat(300)}@example.com` })).toBe("email");
    expect(await refused({ password: "short" })).toBe("password");
    expect(await refused({ password: "x".repeat(129) })).toBe("password");
    expect(await refused({ password: undefined })).toBe("password");
    expect(await refused({ image: "a\u0000b" })).toBe("image");
  });

  it("gives the same error for a wrong account and a wrong password", async () => {
    const unknown = (await signIn({ email: "nobody@example.com", password })).problem("invalid_credentials");
    const wrong = (await signIn({ email: asha.email, password: "not this" })).problem("invalid_credentials");
    expect({ ...unknown, request_id: "" }).toEqual({ ...wrong, request_id: "" });
  });

  it("never shows the library's own English", async () => {
    const calls: [string, unknown][] = [
      ["/api/auth/sign-in/email", { email: asha.email, password: "not this" }],
      ["/api/auth/sign-in/email", { email: asha.email }],
      ["/api/auth/sign-in/email", { email: 7, password }],
      ["/api/auth/sign-up/email", { name: "Eve", email: asha.email, password: "an other battery staple" }],
      ["/api/auth/change-password", { currentPassword: "not this", newPassword: "short" }],
      ["/api/auth/change-email", { newEmail: "new@example.com" }],
      ["/api/auth/update-user", { email: "new@example.com" }],
      ["/api/auth/verify-password", { password: "not this" }],
      ["/api/auth/nowhere", {}],
    ];
    for (const [path, body] of calls) {
      const { title, detail, errors: fields = [] } = (await asha.call("POST", path, body)).problem();
      const ours = new Set<string>([
        title,
        ...Object.values(fieldErrors).filter((text) => typeof text === "string"),
      ]);
      ours.add(fieldErrors.tooShort(8));
      for (const text of [detail, ...fields.map(({ message }) => message)]) expect(ours).toContain(text);
    }
  });

  it("checks the origin of a write with a cookie in the library too, as in production", async () => {
    const cookie = cookieHeader(await signIn({ email: asha.email, password }, ownSite));
    const accounts = openAccounts({
      pool: test.db.database.accounts,
      secret: testSecret,
      publicUrl: testPublicUrl,
      sendCode: async () => undefined,
    });
    const signOut = (origin: string) =>
      accounts.handler(
        new Request(`${testPublicUrl}/api/auth/sign-out`, {
          method: "POST",
          headers: { cookie, origin, "content-type": "application/json" },
          body: "{}",
        }),
      );
    expect((await signOut("https://evil.example")).status).toBe(403);
    expect((await signOut(testPublicUrl)).status).toBe(200);
  });

  it("keeps a changed name as short and clean as a new one", async () => {
    const dan = await test.signUp("Dan");
    const rename = (body: unknown) => dan.call("POST", "/api/auth/update-user", body);
    for (const name of ["", "x".repeat(121), "a\u0000b", 7]) {
      expect((await rename({ name })).problem("validation_failed").errors?.[0]?.field).toBe("name");
    }
    (await rename({ name: "Daniel" })).expect(200);
    expect((await dan.call("GET", "/me")).read(me).name).toBe("Daniel");
  });

  it("returns problem documents for invalid requests to the accounts library", async () => {
    const odd: [string, unknown][] = [
      ["/api/auth/sign-in/email", []],
      ["/api/auth/sign-in/email", "null"],
      ["/api/auth/sign-in/email", { email: ["a"], password: {} }],
      ["/api/auth/sign-in/email", { email: "a\u0000@example.com", password }],
      ["/api/auth/sign-in/email", { email: asha.email, password: "a\u0000b" }],
      ["/api/auth/sign-in/email", { email: asha.email, password: "x".repeat(100_000) }],
      [
        "/api/auth/sign-in/email",
        { email: asha.email, password: "wrong one", callbackURL: "https://evil.example" },
      ],
      ["/api/auth/change-password", { currentPassword: "a\u0000", newPassword: "b" }],
      ["/api/auth/revoke-session", { token: "a\u0000b" }],
      ["/api/auth/nowhere", {}],
      ["/api/auth/delete-user", {}],
      ["/api/auth/sign-in/social", { provider: "a\u0000" }],
      ["/api/auth/verify-email?token=%00", {}],
    ];
    for (const [path, body] of odd) {
      const answer = await asha.call("POST", path, body);
      const { status } = answer.problem();
      expect([path, status < 500]).toEqual([path, true]);
    }
    for (const path of [
      "/api/auth/verify-email?token=%00",
      "/api/auth/%00",
      "/api/auth/reset-password/%00",
    ]) {
      const answer = await asha.call("GET", path);
      expect([path, answer.status < 500]).toEqual([path, true]);
    }
  });
});
