import { createHash, generateKeyPairSync, randomBytes, sign } from "node:crypto";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";

export interface GoogleAccount {
  sub: string;
  email: string;
  email_verified: boolean;
  name: string;
}

export const googleClient = {
  clientId: "client.apps.googleusercontent.example",
  clientSecret: "google secret",
};

interface Grant {
  request: URLSearchParams;
  account: GoogleAccount;
  /** Replace claims of the id token. */
  claims: Record<string, unknown>;
}

/**
 * Google's authorization server as far as signing in needs it: authorization codes with PKCE (RFC 6749, RFC 7636), id tokens
 * signed with RS256, and the account chooser as a page. https://developers.google.com/identity/openid-connect/openid-connect
 */
export async function startGoogleServer() {
  const { privateKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
  const grants = new Map<string, Grant>();

  function grant(request: URLSearchParams, account: GoogleAccount, claims: Grant["claims"] = {}): string {
    const code = `4/${randomBytes(24).toString("base64url")}`;
    grants.set(code, { request, account, claims });
    return back(request, { code, scope: "email profile openid", authuser: "0", prompt: "none" });
  }

  function back(request: URLSearchParams, answer: Record<string, string>): string {
    const address = new URL(request.get("redirect_uri") ?? "");
    for (const [name, value] of Object.entries(answer)) address.searchParams.set(name, value);
    address.searchParams.set("state", request.get("state") ?? "");
    return address.href;
  }

  function tokenFor(form: URLSearchParams): [status: number, body: object] {
    const code = form.get("code") ?? "";
    const found = grants.get(code);
    // A code works once.
    grants.delete(code);
    if (
      form.get("client_id") !== googleClient.clientId ||
      form.get("client_secret") !== googleClient.clientSecret
    )
      return [401, { error: "invalid_client", error_description: "The OAuth client was not found." }];
    const challenge = createHash("sha256")
      .update(form.get("code_verifier") ?? "")
      .digest("base64url");
    const isRight =
      found &&
      form.get("grant_type") === "authorization_code" &&
      found.request.get("redirect_uri") === form.get("redirect_uri") &&
      found.request.get("code_challenge_method") === "S256" &&
      found.request.get("code_challenge") === challenge;
    if (!isRight) return [400, { error: "invalid_grant", error_description: "Bad Request" }];
    const now = Math.floor(Date.now() / 1000);
    const id_token = jwt({
      iss: "https://accounts.google.com",
      azp: googleClient.clientId,
      aud: googleClient.clientId,
      iat: now,
      exp: now + 3600,
      ...found.account,
      ...found.claims,
    });
    return [
      200,
      {
        access_token: `ya29.${randomBytes(24).toString("base64url")}`,
        expires_in: 3599,
        scope:
          "openid https://www.googleapis.com/auth/userinfo.email https://www.googleapis.com/auth/userinfo.profile",
        token_type: "Bearer",
        id_token,
      },
    ];
  }

  function jwt(claims: object): string {
    const part = (value: object) => Buffer.from(JSON.stringify(value)).toString("base64url");
    const signed = `${part({ alg: "RS256", kid: "one", typ: "JWT" })}.${part(claims)}`;
    return `${signed}.${sign("sha256", Buffer.from(signed), privateKey).toString("base64url")}`;
  }

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { pathname, searchParams } = new URL(request.url ?? "/", "http://localhost");
    if (pathname === "/token" && request.method === "POST") {
      const [status, body] = tokenFor(new URLSearchParams(await text(request)));
      response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));
    } else if (pathname === "/o/oauth2/v2/auth") {
      const cancel = back(searchParams, { error: "access_denied" });
      response.writeHead(200, { "content-type": "text/html" }).end(chooser(searchParams, cancel));
    } else if (pathname === "/choose") {
      const email = searchParams.get("email") ?? "";
      const account: GoogleAccount = {
        sub: createHash("sha256").update(email).digest("hex").slice(0, 21),
        email,
        email_verified: searchParams.get("verified") === "on",
        name: searchParams.get("name") ?? "",
      };
      response.writeHead(302, { location: grant(searchParams, account) }).end();
    } else response.writeHead(404).end();
  }

  const server = createServer((request, response) => {
    answer(request, response).catch(() => response.writeHead(500).end());
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    endpoints: { authorization: `${origin}/o/oauth2/v2/auth`, token: `${origin}/token` },
    /** The person chooses an account: returns where Google sends the browser. */
    choose: (authorizationUrl: string, account: GoogleAccount, claims?: Grant["claims"]) =>
      grant(new URL(authorizationUrl).searchParams, account, claims),
    /** The person cancels. */
    cancel: (authorizationUrl: string) =>
      back(new URL(authorizationUrl).searchParams, { error: "access_denied" }),
    close: () => new Promise((resolve) => server.close(resolve)),
  };
}

/** In place of the list of a person's accounts: any account. */
function chooser(request: URLSearchParams, cancel: string): string {
  const attribute = (text: string) => text.replaceAll("&", "&amp;").replaceAll('"', "&quot;");
  const hidden = [...request].map(
    ([name, value]) => `<input type="hidden" name="${attribute(name)}" value="${attribute(value)}">`,
  );
  return `<!doctype html><html lang="en"><title>Sign in</title><main><h1>Choose an account</h1>
    <form action="/choose">${hidden.join("")}
    <label>Address <input name="email" type="email"></label>
    <label>Full name <input name="name"></label>
    <label><input name="verified" type="checkbox" checked> Verified</label>
    <button>Continue</button></form>
    <a href="${attribute(cancel)}">Cancel</a></main>`;
}

export type GoogleServer = Awaited<ReturnType<typeof startGoogleServer>>;
