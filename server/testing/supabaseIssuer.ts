import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { createServer, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { exportJWK, generateKeyPair, type JWK, SignJWT } from "jose";

type Algorithm = "ES256" | "RS256";

export interface IssuerKey {
  kid: string;
  algorithm: Algorithm;
  privateKey: CryptoKey;
  /** As its JWKS lists it. */
  jwk: JWK;
}

export const jwtSecret = "a shared secret of an older project, long enough";
const encodedSecret = new TextEncoder().encode(jwtSecret);

/** What a Supabase project signs with; made once, as RSA keys are slow to make. */
export async function makeIssuerKey(algorithm: Algorithm, kid: string = randomUUID()): Promise<IssuerKey> {
  const { privateKey, publicKey } = await generateKeyPair(algorithm, { extractable: true });
  return {
    kid,
    algorithm,
    privateKey,
    jwk: { ...(await exportJWK(publicKey)), alg: algorithm, kid, use: "sig", key_ops: ["verify"], ext: true },
  };
}

/** How the address of the keys behaves. */
type Behaviour = "answers" | "stalls" | "fails" | "closes" | "nonsense" | "null" | "huge";

/**
 * The issuer of a Supabase project: its JWKS over HTTP, and access tokens as its Auth writes them
 * (https://github.com/supabase/auth, `AccessTokenClaims`).
 */
export async function startSupabaseIssuer(
  answer?: (path: string, body: unknown, token: string | undefined) => Promise<[number, object]>,
) {
  let keys: readonly IssuerKey[] = [];
  let behaviour: Behaviour = "answers";
  let keyReads = 0;
  const stalled = new Set<ServerResponse>();
  const server = createServer(async (request, response) => {
    const send = (status: number, body: object) =>
      response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));
    if (behaviour === "stalls") return void stalled.add(response);
    if (behaviour === "closes") return void request.socket.destroy();
    if (behaviour === "fails")
      return void send(500, { code: 500, error_code: "unexpected_failure", msg: "" });
    if (request.url === "/auth/v1/.well-known/jwks.json") {
      keyReads += 1;
      if (behaviour === "nonsense") return void response.end("<html>");
      if (behaviour === "null") return void response.end("null");
      if (behaviour === "huge") return void response.end(`{"keys":["${"x".repeat(1 << 20)}"]}`);
      return void send(200, { keys: keys.map(({ jwk }) => jwk) });
    }
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const path = (request.url ?? "").replace("/auth/v1", "");
    const token = request.headers.authorization?.replace("Bearer ", "");
    const [status, body] = answer
      ? await answer(path, JSON.parse(Buffer.concat(chunks).toString() || "{}"), token)
      : [404, {}];
    if (status === 204) response.writeHead(204).end();
    else send(status, body);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;

  /** An access token of a person, an hour long. @param changes replace claims; undefined removes one */
  async function tokenFor(
    person: { id: string; email: string },
    { key, loginId = randomUUID(), claims = {}, now = Date.now(), header = {} }: TokenOptions,
  ): Promise<string> {
    const seconds = Math.floor(now / 1000);
    const payload = {
      iss: `${url}/auth/v1`,
      sub: person.id,
      aud: "authenticated",
      exp: seconds + 3600,
      iat: seconds,
      email: person.email,
      phone: "",
      app_metadata: { provider: "email", providers: ["email"] },
      user_metadata: { email: person.email, email_verified: true, sub: person.id },
      role: "authenticated",
      aal: "aal1",
      amr: [{ method: "password", timestamp: seconds }],
      session_id: loginId,
      is_anonymous: false,
      ...claims,
    };
    const isShared = key === "shared secret";
    return new SignJWT(JSON.parse(JSON.stringify(payload)))
      .setProtectedHeader({
        alg: isShared ? "HS256" : key.algorithm,
        typ: "JWT",
        ...(isShared ? {} : { kid: key.kid }),
        ...header,
      })
      .sign(isShared ? encodedSecret : key.privateKey);
  }

  return {
    url,
    tokenFor,
    publish(...published: readonly IssuerKey[]) {
      keys = published;
    },
    behave(how: Behaviour) {
      behaviour = how;
      if (how !== "stalls") for (const response of stalled) response.destroy();
    },
    keyReads: () => keyReads,
    async close() {
      for (const response of stalled) response.destroy();
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
}

export interface TokenOptions {
  key: IssuerKey | "shared secret";
  loginId?: string;
  claims?: Record<string, unknown>;
  /** Epoch ms. */
  now?: number;
  header?: Record<string, unknown>;
}

export type SupabaseIssuer = Awaited<ReturnType<typeof startSupabaseIssuer>>;
