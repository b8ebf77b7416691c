import { createHmac, randomUUID } from "node:crypto";
import { exportSPKI, importJWK, SignJWT } from "jose";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { MINUTE_MS, SECOND_MS } from "#scheduling/units.ts";
import { Refusal } from "../../platform/errors.ts";
import {
  type IssuerKey,
  jwtSecret,
  makeIssuerKey,
  type SupabaseIssuer,
  startSupabaseIssuer,
} from "../../testing/supabaseIssuer.ts";
import { openAccessTokens } from "./accessToken.ts";

const person = { id: randomUUID(), email: "asha@example.com" };
const loginId = randomUUID();

let issuer: SupabaseIssuer;
let curve: IssuerKey;
let rsa: IssuerKey;
let now = Date.now();
const clock = { now: () => now, longestAnswer: 100 };

beforeAll(async () => {
  issuer = await startSupabaseIssuer();
  [curve, rsa] = await Promise.all([makeIssuerKey("ES256"), makeIssuerKey("RS256")]);
});
afterAll(() => issuer?.close());
afterEach(() => issuer.behave("answers"));

const open = (secret: string | undefined = jwtSecret) => {
  now = Date.now();
  issuer.publish(curve, rsa);
  return openAccessTokens({ url: issuer.url, jwtSecret: secret }, clock);
};
const unavailable = new Refusal("sign_in_unavailable");

describe("a token of each kind of key is read", () => {
  it.each([["ES256"], ["RS256"], ["HS256"]])("%s", async (algorithm) => {
    const read = open();
    const key = algorithm === "HS256" ? "shared secret" : algorithm === "ES256" ? curve : rsa;
    const signedInAt = Math.floor(now / 1000) - 100;
    const amr = [
      { method: "password", timestamp: signedInAt - 500 },
      { method: "totp", timestamp: signedInAt },
    ];
    const token = await issuer.tokenFor(person, { key, loginId, claims: { amr }, now });
    expect(await read(token)).toEqual({
      userId: person.id,
      loginId,
      provedAt: signedInAt * 1000,
      expiresAt: Math.floor(now / 1000) * 1000 + 3_600_000,
    });
  });

  it("the shared secret counts only where it is configured", async () => {
    const token = await issuer.tokenFor(person, { key: "shared secret" });
    expect(await open()(token)).not.toBeNull();
    issuer.publish(curve);
    expect(await openAccessTokens({ url: issuer.url, jwtSecret: undefined }, clock)(token)).toBeNull();
  });
});

describe("a token that is not for people here counts for nothing", () => {
  const changed: [what: string, claims: Record<string, unknown>][] = [
    ["another issuer", { iss: "https://other.supabase.co/auth/v1" }],
    ["another project's path", { iss: "https://other.example/auth/v1" }],
    ["another audience", { aud: "other" }],
    ["no audience", { aud: undefined }],
    ["expired", { exp: Math.floor(Date.now() / 1000) - 1 }],
    ["without an end", { exp: undefined }],
    ["not valid yet", { nbf: Math.floor(Date.now() / 1000) + 600 }],
    ["the service key", { role: "service_role" }],
    ["the public key of the project", { role: "anon", sub: undefined }],
    ["no role", { role: undefined }],
    ["a person without an id", { sub: undefined }],
    ["a person whose id is no UUID", { sub: "asha" }],
    ["no login", { session_id: undefined }],
    ["an anonymous person", { is_anonymous: true }],
    ["an app that the person lets act for them", { client_id: randomUUID() }],
  ];
  it.each(changed)("%s", async (_, claims) => {
    const read = open();
    for (const key of [curve, "shared secret"] as const)
      expect(await read(await issuer.tokenFor(person, { key, claims }))).toBeNull();
  });

  it("twin: without the change it counts", async () => {
    const read = open();
    for (const key of [curve, "shared secret"] as const)
      expect(await read(await issuer.tokenFor(person, { key }))).not.toBeNull();
  });

  it.each(["", "x", "a.b.c", `${"x".repeat(9000)}`, "e30.e30.", "null"])("text %#", async (text) => {
    expect(await open()(text)).toBeNull();
  });

  it("a signature that was changed", async () => {
    const [head, body, signature = ""] = (await issuer.tokenFor(person, { key: curve })).split(".");
    const flipped = signature.startsWith("A") ? `B${signature.slice(1)}` : `A${signature.slice(1)}`;
    expect(await open()(`${head}.${body}.${flipped}`)).toBeNull();
  });
});

describe("the algorithm does not decide what a key is used as", () => {
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString("base64url");
  const forged = async (header: object, sign: (signed: string) => string) => {
    const [, body] = (await issuer.tokenFor(person, { key: curve })).split(".");
    const signed = `${part(header)}.${body}`;
    return `${signed}.${sign(signed)}`;
  };

  it("none", async () => {
    for (const alg of ["none", "None", "NONE", ""])
      expect(await open()(await forged({ alg, typ: "JWT" }, () => ""))).toBeNull();
  });

  it("a public key is no shared secret, in any of its forms", async () => {
    const key = (await importJWK(rsa.jwk, "RS256")) as CryptoKey;
    const forms = [
      await exportSPKI(key),
      JSON.stringify(rsa.jwk),
      JSON.stringify({ keys: [rsa.jwk] }),
      rsa.jwk.n ?? "",
    ];
    for (const form of forms) {
      const token = await forged({ alg: "HS256", typ: "JWT", kid: rsa.kid }, (signed) =>
        createHmac("sha256", form).update(signed).digest("base64url"),
      );
      expect(await open()(token)).toBeNull();
      expect(await open("another secret of a project, long enough")(token)).toBeNull();
    }
  });

  it("a shared key in the JWKS is not used", async () => {
    const read = open();
    const shared = {
      ...curve,
      jwk: { kty: "oct", k: Buffer.from(jwtSecret).toString("base64url"), kid: "shared" },
    };
    issuer.publish(shared, curve);
    const token = await forged({ alg: "HS256", typ: "JWT", kid: "shared" }, (signed) =>
      createHmac("sha256", "guess").update(signed).digest("base64url"),
    );
    expect(await read(token)).toBeNull();
    expect(await read(await issuer.tokenFor(person, { key: curve }))).not.toBeNull();
  });

  it.each(["HS384", "HS512", "PS256", "RS512"])("%s is not one of the platform's", async (alg) => {
    const key = alg.startsWith("HS") ? new TextEncoder().encode(jwtSecret) : rsa.privateKey;
    const token = await forged({ alg, typ: "JWT", kid: rsa.kid }, () => "c2ln");
    expect(await open()(token)).toBeNull();
    if (!alg.startsWith("HS")) return;
    const genuine = await new SignJWT({ sub: person.id, session_id: loginId, role: "authenticated" })
      .setProtectedHeader({ alg })
      .setIssuer(`${issuer.url}/auth/v1`)
      .setAudience("authenticated")
      .setExpirationTime("1h")
      .sign(key);
    expect(await open()(genuine)).toBeNull();
  });

  it("a key of one kind under the name of the other", async () => {
    const token = await issuer.tokenFor(person, { key: { ...rsa, kid: curve.kid } });
    expect(await open()(token)).toBeNull();
  });
});

describe("the keys of the issuer", () => {
  it("are read once, also by a hundred at the same time", async () => {
    const read = open();
    const before = issuer.keyReads();
    const token = await issuer.tokenFor(person, { key: curve });
    const results = await Promise.all(Array.from({ length: 100 }, () => read(token)));
    expect(results.every(Boolean)).toBe(true);
    expect(issuer.keyReads() - before).toBe(1);
  });

  it("a new key counts from its first token on, but invented ones cost the issuer one question per half a minute", async () => {
    const read = open();
    await read(await issuer.tokenFor(person, { key: curve }));
    const before = issuer.keyReads();
    const next = await makeIssuerKey("ES256");
    const token = await issuer.tokenFor(person, { key: next });
    // Within half a minute after the keys were read it is not asked again.
    expect(await read(token)).toBeNull();
    now += 31 * SECOND_MS;
    for (let invented = 0; invented < 50; invented++)
      expect(await read(await issuer.tokenFor(person, { key: { ...curve, kid: randomUUID() } }))).toBeNull();
    expect(issuer.keyReads() - before).toBe(1);
    issuer.publish(next, curve);
    now += 31 * SECOND_MS;
    expect(await read(token)).not.toBeNull();
    expect(await read(await issuer.tokenFor(person, { key: curve }))).not.toBeNull();
    expect(issuer.keyReads() - before).toBe(2);
  });

  it("a key that is withdrawn stops to count after ten minutes", async () => {
    const read = open();
    const token = await issuer.tokenFor(person, { key: curve });
    expect(await read(token)).not.toBeNull();
    issuer.publish(rsa);
    now += 9 * MINUTE_MS;
    expect(await read(token)).not.toBeNull();
    now += 2 * MINUTE_MS;
    await read(token);
    await expect.poll(() => read(token), { interval: 10 }).toBeNull();
  });

  it.each(["stalls", "fails", "closes", "nonsense", "null", "huge"] as const)(
    "an issuer that %s is no reason to call a person a visitor",
    async (how) => {
      const read = open();
      const token = await issuer.tokenFor(person, { key: curve });
      issuer.behave(how);
      await expect(read(token)).rejects.toEqual(unavailable);
      // The next ones are not kept waiting for it.
      const before = performance.now();
      await expect(read(token)).rejects.toEqual(unavailable);
      expect(performance.now() - before).toBeLessThan(50);
      // The shared secret needs no issuer.
      expect(await read(await issuer.tokenFor(person, { key: "shared secret" }))).not.toBeNull();
      issuer.behave("answers");
      now += 31 * SECOND_MS;
      expect(await read(token)).not.toBeNull();
    },
  );

  it("those that are known serve for an hour while the issuer is away, and a new one cannot be judged", async () => {
    const read = open();
    const token = await issuer.tokenFor(person, { key: curve });
    const later = () => issuer.tokenFor(person, { key: curve, now });
    await read(token);
    issuer.behave("fails");
    now += 50 * MINUTE_MS;
    expect(await read(await later())).not.toBeNull();
    const unknown = await issuer.tokenFor(person, { key: { ...curve, kid: randomUUID() }, now });
    await expect(read(unknown)).rejects.toEqual(unavailable);
    now += 11 * MINUTE_MS;
    await expect(read(await later())).rejects.toEqual(unavailable);
  });
});
