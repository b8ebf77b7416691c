import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { signInMethods, signInOptions } from "#contract/signInMethods.ts";
import { type Cookies, openCookies } from "../testing/cookies.ts";
import {
  type GoogleAccount,
  type GoogleServer,
  googleClient,
  startGoogleServer,
} from "../testing/googleServer.ts";
import { openTestApp, type Person, password, type TestApp, testPublicUrl } from "../testing/testApp.ts";
import {
  appCode,
  changesMailed,
  confirmAddress,
  letProofAge,
  switchTwoFactorOn,
} from "../testing/twoFactor.ts";

let google: GoogleServer;
let test: TestApp;
beforeAll(async () => {
  google = await startGoogleServer();
  test = await openTestApp({ google: googleClient, googleEndpoints: google.endpoints });
});
afterAll(async () => {
  await test.close();
  await google.close();
});

const ownSite = { origin: testPublicUrl, "sec-fetch-site": "same-origin" };
let count = 0;
const accountOf = (email: string, change: Partial<GoogleAccount> = {}): GoogleAccount => ({
  sub: `1000000000000000${count++}`,
  email,
  email_verified: true,
  name: "Asha Devi",
  ...change,
});
const newAccount = (change: Partial<GoogleAccount> = {}) =>
  accountOf(`google.${count}.${Date.now()}@example.com`, change);

/** A browser that begins to sign in; returns Google's address. */
async function begin(cookies: Cookies): Promise<string> {
  const body = {
    provider: "google",
    callbackURL: "/sessions",
    errorCallbackURL: "/sign-in",
    disableRedirect: true,
  };
  const answer = await test.visitor("POST", "/api/auth/sign-in/social", body, {
    ...ownSite,
    ...cookies.header(),
  });
  return (cookies.keep(answer).expect(200).json as { url: string }).url;
}
/** The browser follows Google's redirect back; returns where it ends. */
async function follow(cookies: Cookies, address: string): Promise<string> {
  const { pathname, search } = new URL(address);
  const answer = await test.visitor("GET", pathname + search, undefined, cookies.header());
  return String(cookies.keep(answer).expect(302).headers.location);
}
async function signInWith(account: GoogleAccount, claims?: Record<string, unknown>, cookies = openCookies()) {
  return { cookies, end: await follow(cookies, google.choose(await begin(cookies), account, claims)) };
}
const me = (cookies: Cookies) => test.visitor("GET", "/me", undefined, cookies.header());
const errorIn = (address: string) => new URL(address, testPublicUrl).searchParams.get("error");
const personWith = async (cookies: Cookies) =>
  (await me(cookies)).expect(200).json as { id: string; email: string; name: string };

describe("signing in with Google", () => {
  it("creates an account with a confirmed address, and finds it again", async () => {
    const account = newAccount();
    const { cookies, end } = await signInWith(account);
    expect(end).toBe("/sessions");
    const person = await personWith(cookies);
    expect(person).toMatchObject({ email: account.email, name: "Asha Devi" });
    const later = await signInWith({ ...account, email: "changed@example.com", name: "Changed" });
    expect(await personWith(later.cookies)).toEqual(person);
    expect(await changesMailed(test, person)).toEqual([]);
    const { rows } = await test.db.owner.query(
      "select access_token, refresh_token, id_token from auth.accounts where user_id = $1",
      [person.id],
    );
    expect(rows).toEqual([{ access_token: null, refresh_token: null, id_token: null }]);
  });

  it("sends the browser to Google with a state, PKCE, our address and the least scopes", async () => {
    const url = new URL(await begin(openCookies()));
    const { state, code_challenge, ...rest } = Object.fromEntries(url.searchParams);
    expect(state?.length).toBeGreaterThanOrEqual(32);
    expect(code_challenge).toMatch(/^[\w-]{43}$/);
    expect(rest).toMatchObject({
      client_id: googleClient.clientId,
      redirect_uri: `${testPublicUrl}/api/auth/callback/google`,
      response_type: "code",
      scope: "email profile openid",
      code_challenge_method: "S256",
      prompt: "select_account",
    });
  });

  it("keeps a name as short and clean as a typed one", async () => {
    for (const [name, kept] of [
      ["A".repeat(200), "A".repeat(120)],
      ["  Asha\n\u202eDevi ", "Asha Devi"],
      ["\u200b", undefined],
    ] as const) {
      const account = newAccount({ name });
      const { cookies } = await signInWith(account);
      expect((await personWith(cookies)).name).toBe(kept ?? account.email.split("@")[0]);
    }
  });

  it("returns to the page without a login when the person cancels", async () => {
    const cookies = openCookies();
    const end = await follow(cookies, google.cancel(await begin(cookies)));
    expect(end).toMatch(/^\/sign-in\?/);
    expect(errorIn(end)).toBe("access_denied");
    expect((await me(cookies)).status).toBe(401);
  });

  it.each<[string, (back: URL) => void]>([
    ["a wrong state", (back) => back.searchParams.set("state", "x".repeat(32))],
    ["no state", (back) => back.searchParams.delete("state")],
    ["a code that Google did not give", (back) => back.searchParams.set("code", "4/invented")],
    ["no code", (back) => back.searchParams.delete("code")],
  ])("does not accept %s", async (_what, change) => {
    const cookies = openCookies();
    const back = new URL(google.choose(await begin(cookies), newAccount()));
    change(back);
    const end = await follow(cookies, back.href);
    expect(errorIn(end)).not.toBeNull();
    expect((await me(cookies)).status).toBe(401);
  });

  it("accepts what Google sends once, and only in the browser that began", async () => {
    const [mine, hers] = [openCookies(), openCookies()];
    const back = google.choose(await begin(mine), newAccount());
    // Sign-in forced upon another browser: an attacker's own code, opened by the victim.
    await begin(hers);
    expect(errorIn(await follow(hers, back))).toBe("state_mismatch");
    expect((await me(hers)).status).toBe(401);
    expect(await follow(mine, back)).toBe("/sessions");
    const replay = openCookies();
    expect(errorIn(await follow(replay, back))).toBe("state_mismatch");
    expect((await me(replay)).status).toBe(401);
  });

  it.each([
    ["another app", { aud: "another.apps.googleusercontent.example" }],
    ["another issuer", { iss: "https://evil.example" }],
    ["another time", { exp: 1_700_000_000 }],
    ["no person", { sub: "" }],
  ])("does not accept an id token for %s", async (_what, claims) => {
    const { cookies, end } = await signInWith(newAccount(), claims);
    expect(errorIn(end)).toBe("unable_to_get_user_info");
    expect((await me(cookies)).status).toBe(401);
  });

  it("accepts no id token from the client itself", async () => {
    const body = { provider: "google", idToken: "x.y.z", "idToken.token": "x" };
    (await test.visitor("POST", "/api/auth/sign-in/social", body)).problem();
  });

  it("leads only to pages of this site", async () => {
    for (const callbackURL of ["https://evil.example", "//evil.example", "javascript:alert(1)"]) {
      const body = { provider: "google", callbackURL };
      (await test.visitor("POST", "/api/auth/sign-in/social", body, ownSite)).problem("forbidden");
    }
  });

  it("is offered only where it is configured", async () => {
    expect((await test.visitor("GET", "/sign-in-options")).read(signInOptions)).toEqual({
      google: true,
      elsewhere: false,
    });
    const without = await openTestApp();
    expect((await without.visitor("GET", "/sign-in-options")).read(signInOptions)).toEqual({
      google: false,
      elsewhere: false,
    });
    const body = { provider: "google", callbackURL: "/" };
    (await without.visitor("POST", "/api/auth/sign-in/social", body)).problem("not_found");
    await without.close();
  });
});

describe("an address that has an account", () => {
  it("is signed in to with Google if both have confirmed it, and its person gets a mail", async () => {
    const asha = await test.signUp("Asha", "unconfirmed");
    await confirmAddress(test, asha);
    const { cookies } = await signInWith(accountOf(asha.email));
    expect(await personWith(cookies)).toMatchObject({ id: asha.id, name: "Asha" });
    expect(await changesMailed(test, asha)).toEqual(["google_linked"]);
  });

  it("is not handed to the person who opened it without confirming it", async () => {
    // An attacker opens an account with the address of Asha, who comes later, with Google.
    const attacker = await test.signUp("Attacker", "unconfirmed");
    const { cookies, end } = await signInWith(accountOf(attacker.email));
    expect(errorIn(end)).toBe("account_not_linked");
    expect((await me(cookies)).status).toBe(401);
    const { rows } = await test.db.owner.query("select provider_id from auth.accounts where user_id = $1", [
      attacker.id,
    ]);
    expect(rows).toEqual([{ provider_id: "credential" }]);
  });

  it("is not reached through a Google account that has not verified it", async () => {
    const asha = await test.signUp("Asha", "unconfirmed");
    await confirmAddress(test, asha);
    const { cookies, end } = await signInWith(accountOf(asha.email, { email_verified: false }));
    expect(errorIn(end)).toBe("account_not_linked");
    expect((await me(cookies)).status).toBe(401);
  });

  it("is not opened by a Google account that has not verified it, before its owner comes", async () => {
    const account = newAccount({ email_verified: false });
    const { cookies, end } = await signInWith(account);
    expect(errorIn(end)).toBe("email_not_verified");
    expect((await me(cookies)).status).toBe(401);
    const { rows } = await test.db.owner.query("select from auth.users where email = $1", [account.email]);
    expect(rows).toEqual([]);
  });
});

describe("connecting Google to an account", () => {
  const signIn = async ({ email }: Person, cookies = openCookies()) => {
    const body = { email, password };
    cookies.keep(await test.visitor("POST", "/api/auth/sign-in/email", body, ownSite)).expect(200);
    return cookies;
  };
  const link = async (cookies: Cookies) =>
    cookies.keep(
      await test.visitor(
        "POST",
        "/api/auth/link-social",
        { provider: "google", callbackURL: "/account", errorCallbackURL: "/account", disableRedirect: true },
        { ...ownSite, ...cookies.header() },
      ),
    );
  const linked = async (asha: Person, account = newAccount()) => {
    const cookies = await signIn(asha);
    const { url } = (await link(cookies)).expect(200).json as { url: string };
    return { cookies, account, end: await follow(cookies, google.choose(url, account)) };
  };
  const methodsOf = async (person: Person) =>
    (await person.call("GET", "/me/sign-in-methods")).read(signInMethods);

  it("works with any address of theirs, after a recent proof", async () => {
    const asha = await test.signUp("Asha", "unconfirmed");
    const cookies = await signIn(asha);
    (await link(cookies)).problem("address_not_confirmed");
    await confirmAddress(test, asha);
    await letProofAge(test, asha);
    (await link(cookies)).problem("proof_required");
    const { account, end } = await linked(asha);
    expect(end).toBe("/account");
    expect((await methodsOf(asha)).google).toBe(true);
    expect(await personWith((await signInWith(account)).cookies)).toMatchObject({ id: asha.id });
    expect(await changesMailed(test, asha)).toEqual(["google_linked"]);
  });

  it("does not take a Google account that another person has connected", async () => {
    const [asha, eve] = [await test.signUp("Asha", "unconfirmed"), await test.signUp("Eve", "unconfirmed")];
    for (const person of [asha, eve]) await confirmAddress(test, person);
    const { account } = await linked(asha);
    expect(errorIn((await linked(eve, account)).end)).toBe("account_already_linked_to_different_user");
    expect((await methodsOf(eve)).google).toBe(false);
  });

  it("ends with the login that began it", async () => {
    const asha = await test.signUp("Asha", "unconfirmed");
    await confirmAddress(test, asha);
    const cookies = await signIn(asha);
    const { url } = (await link(cookies)).expect(200).json as { url: string };
    await test.db.owner.query("delete from auth.sessions where user_id = $1", [asha.id]);
    expect(errorIn(await follow(cookies, google.choose(url, newAccount())))).not.toBeNull();
    const { rows } = await test.db.owner.query(
      "select from auth.accounts where user_id = $1 and provider_id = 'google'",
      [asha.id],
    );
    expect(rows).toEqual([]);
  });

  it("is undone after a recent proof, but not if it is the only way in", async () => {
    const asha = await test.signUp("Asha", "unconfirmed");
    await confirmAddress(test, asha);
    const { account } = await linked(asha);
    await letProofAge(test, asha);
    (await asha.call("DELETE", "/me/google")).problem("proof_required");
    (await asha.call("POST", "/me/proof", { password })).expect(204);
    (await asha.call("DELETE", "/me/google")).expect(204);
    (await asha.call("DELETE", "/me/google")).problem("not_found");
    expect(await changesMailed(test, asha)).toEqual(["google_linked", "google_unlinked"]);
    // The twin: whose only way in it is.
    const { cookies } = await signInWith({ ...account, ...newAccount() });
    const person = await personWith(cookies);
    const unlink = await test.visitor("DELETE", "/me/google", undefined, { ...ownSite, ...cookies.header() });
    unlink.problem("last_sign_in_method");
    expect(await changesMailed(test, person)).toEqual([]);
  });
});

describe("with two-factor on", () => {
  it("Google is followed by the second step, and returns to the page that was asked for", async () => {
    const asha = await test.signUp("Asha", "unconfirmed");
    await confirmAddress(test, asha);
    const { setup } = await switchTwoFactorOn(asha);
    const account = accountOf(asha.email);
    const { cookies, end } = await signInWith(account);
    expect(end).toBe(`${testPublicUrl}/sign-in/second-step?next=%2Fsessions`);
    expect(cookies.has("matepeak.session_token")).toBe(false);
    expect((await me(cookies)).status).toBe(401);
    const { rows } = await test.db.owner.query("select from auth.sessions where user_id = $1", [asha.id]);
    expect(rows).toHaveLength(1);
    const code = { code: appCode(setup) };
    const answer = await test.visitor("POST", "/api/auth/two-factor/verify-totp", code, {
      ...ownSite,
      ...cookies.header(),
    });
    cookies.keep(answer).expect(200);
    expect(await personWith(cookies)).toMatchObject({ id: asha.id });
  });
});
