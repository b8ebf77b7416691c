import * as openid from "openid-client";
import type { CalendarPermission } from "#rules/calendarSignIn.ts";
import { addMs, type EpochMs, epochMs, MINUTE_MS, SECOND_MS } from "#scheduling/units.ts";
import type { PublicFetch } from "../platform/http/publicFetch.ts";
import { readJson } from "../platform/readJson.ts";
import { askProvider, providerBounds } from "./askProvider.ts";
import { subjectOf } from "./idToken.ts";
import { CalendarProblem, type Granted, type Login, type TokenSecret } from "./provider.ts";

/** A vendor's authorization server (RFC 6749), and what is asked of it. */
export interface OAuthServer {
  issuer: string;
  /** Of id tokens. */
  isIssuer: (issuer: string) => boolean;
  authorization: string;
  token: string;
  /** RFC 7009; null if it has none. */
  revocation: string | null;
  clientId: string;
  clientSecret: string;
  /** The scopes that are asked for, by what a connection is for. */
  asks: Readonly<Record<CalendarPermission, readonly string[]>>;
  /** What is allowed by any of these scopes. */
  allows: Readonly<Record<CalendarPermission, readonly string[]>>;
  /** Scopes that are asked for besides, for a lasting login and the id token. */
  further: readonly string[];
  /** Of the request that adds to what an account has allowed before. */
  incremental?: Readonly<Record<string, string>>;
  /** Of the authorization request. */
  parameters?: Readonly<Record<string, string>>;
  /** How long a login lasts, if that is known; ms. */
  loginLasts?: number | undefined;
}

/** Where the browser is sent, and what it has to come back with. */
interface SignInRequest {
  /** The vendor returns to exactly this address. */
  redirectUri: string;
  state: string;
  /** PKCE (RFC 7636). */
  verifier: string;
  /** The account that is meant, by its address. */
  account: string | null;
  /** What the connection is for. */
  permission: CalendarPermission;
  /** Adds to what this account has allowed before. */
  isIncremental: boolean;
}

/** What a sign-in has brought. */
export interface Redeemed {
  secret: TokenSecret;
  granted: Granted;
  /** The account, by the vendor's own name for it. */
  subject: string;
}

export class SignInRefused extends Error {
  /** denied: the person cancelled. */
  readonly reason: "denied" | "not_ours" | "permissions";
  readonly missing: readonly CalendarPermission[];

  constructor(reason: SignInRefused["reason"], missing: readonly CalendarPermission[] = []) {
    super(reason);
    this.name = "SignInRefused";
    this.reason = reason;
    this.missing = missing;
  }
}

/** Signs in to a vendor's calendars in a person's name. */
export interface OAuth {
  /** The address at which the person is asked. */
  signInUrl(request: SignInRequest): Promise<string>;
  /** @param search of the address to which the vendor has returned. @throws SignInRefused, CalendarProblem */
  redeem(
    search: string,
    request: Pick<SignInRequest, "redirectUri" | "state" | "verifier">,
  ): Promise<Redeemed>;
  /**
   * Does something with an access token, which is renewed when it is about to end, or is refused. @throws CalendarProblem
   * `login_refused` if its owner has to sign in again
   */
  withToken<T>(login: Login, work: (accessToken: string) => Promise<T>): Promise<T>;
  /** Ends the login at the vendor. One that has ended is ended. @throws CalendarProblem */
  revoke(secret: TokenSecret): Promise<void>;
}

/** A token that ends this soon would end on its way. */
const earlyMs = MINUTE_MS;
/** Of an access token, if the vendor does not say. */
const usualLifeMs = 60 * MINUTE_MS;
/** Answers that are errors by RFC 6749, 5.2, and read as such. */
const readableErrors = [400, 401];
/** RFC 6749, 5.2, OpenID Connect Core 3.1.2.6: nothing but its owner can help. */
const ownerErrors = ["invalid_grant", "interaction_required", "consent_required", "login_required"];

const none: TokenSecret = {
  kind: "tokens",
  accessToken: "",
  accessEndsAt: epochMs(0),
  refreshToken: "",
  loginEndsAt: null,
};

export function openOAuth(server: OAuthServer, fetch: PublicFetch, now: () => EpochMs): OAuth {
  const { asks, allows, further, parameters = {}, incremental = {}, loginLasts } = server;

  /** @param secret kept out of what is shown @param onIdToken is given that of an answer */
  function configuration(
    secret: TokenSecret,
    onIdToken: (idToken: string) => void = () => {},
  ): openid.Configuration {
    const config = new openid.Configuration(
      {
        issuer: server.issuer,
        authorization_endpoint: server.authorization,
        token_endpoint: server.token,
        ...(server.revocation !== null && { revocation_endpoint: server.revocation }),
      },
      server.clientId,
      server.clientSecret,
    );
    // Of tests alone: the addresses of vendors are ours.
    if (server.token.startsWith("http:")) openid.allowInsecureRequests(config);
    config[openid.customFetch] = async (address, { method, headers, body, signal }) => {
      const request = {
        ...providerBounds.short,
        method,
        headers,
        ...(body != null && { body: String(body) }),
        maxRedirects: 0,
        signal,
        accept: readableErrors,
      };
      const answer = await askProvider(fetch, address, request, { secret });
      const text = withoutIdToken(answer.text, onIdToken);
      return new Response(text, { status: answer.status, headers: answer.headers });
    };
    return config;
  }

  function secretOf(
    tokens: openid.TokenEndpointResponse,
    before: Pick<TokenSecret, "refreshToken" | "loginEndsAt">,
  ): TokenSecret {
    const {
      access_token: accessToken,
      refresh_token: refreshToken = before.refreshToken,
      expires_in,
    } = tokens;
    const life = expires_in === undefined ? usualLifeMs : expires_in * SECOND_MS;
    return {
      kind: "tokens",
      accessToken,
      accessEndsAt: addMs(now(), life),
      refreshToken,
      loginEndsAt: before.loginEndsAt,
    };
  }

  function grantedBy(scope: string): Granted {
    const scopes = scope.split(" ").filter((each) => each !== "");
    const has = (permission: CalendarPermission) =>
      allows[permission].some((name) =>
        scopes.some((each) => each.toLowerCase() === name.toLowerCase() || isShortFor(each, name)),
      );
    return { scopes, mayRead: has("read"), mayWrite: has("write") };
  }

  async function renew(login: Login): Promise<string> {
    const secret = tokensOf(login);
    const tokens = await openid
      .refreshTokenGrant(configuration(secret), secret.refreshToken)
      .catch((error: unknown) => fail(error));
    const renewed = secretOf(tokens, secret);
    // First stored, then used: some vendors end the old one with the first use of the new one.
    // RFC 6749, 6: left out, it is what it was.
    await login.save(
      renewed,
      renewed.loginEndsAt,
      tokens.scope === undefined ? null : grantedBy(tokens.scope),
    );
    login.secret = renewed;
    return renewed.accessToken;
  }

  return {
    signInUrl: async ({ redirectUri, state, verifier, account, permission, isIncremental }) =>
      openid.buildAuthorizationUrl(configuration(none), {
        redirect_uri: redirectUri,
        scope: [...asks[permission], ...further].join(" "),
        state,
        code_challenge: await openid.calculatePKCECodeChallenge(verifier),
        code_challenge_method: "S256",
        ...parameters,
        ...(isIncremental && incremental),
        ...(account !== null && { login_hint: account }),
      }).href,

    redeem: async (search, { redirectUri, state, verifier }) => {
      const address = new URL(search, redirectUri);
      let idToken: string | null = null;
      const keep = (given: string) => {
        idToken = given;
      };
      const tokens = await openid
        .authorizationCodeGrant(configuration(none, keep), address, {
          expectedState: state,
          pkceCodeVerifier: verifier,
        })
        .catch((error: unknown) => {
          if (error instanceof openid.AuthorizationResponseError) {
            throw new SignInRefused(error.error === "access_denied" ? "denied" : "not_ours");
          }
          // A code that was redeemed before, or was given to another browser.
          if (error instanceof openid.ResponseBodyError && error.error === "invalid_grant") {
            throw new SignInRefused("not_ours");
          }
          return fail(error);
        });
      // RFC 6749, 5.1 lets a server leave it out. What was asked for is not taken for what was allowed.
      if (tokens.scope === undefined)
        throw new CalendarProblem("unreadable", { detail: "the answer does not say what was allowed" });
      const granted = grantedBy(tokens.scope);
      if (!granted.mayRead) throw new SignInRefused("permissions", ["read"]);
      if (tokens.refresh_token === undefined) {
        throw new CalendarProblem("unreadable", { detail: "the answer has no refresh token" });
      }
      const loginEndsAt = loginLasts === undefined ? null : addMs(now(), loginLasts);
      const secret = secretOf(tokens, { refreshToken: tokens.refresh_token, loginEndsAt });
      return { secret, granted, subject: subjectOf(idToken, server, now()) };
    },

    withToken: async (login, work) => {
      const { accessToken, accessEndsAt } = tokensOf(login);
      if (accessEndsAt - now() < earlyMs) return work(await renew(login));
      try {
        return await work(accessToken);
      } catch (error) {
        if (!(error instanceof CalendarProblem) || error.code !== "login_refused") throw error;
        // It may have been ended before its time; only the refresh token tells whether the login has.
        return work(await renew(login));
      }
    },

    revoke: async (secret) => {
      if (server.revocation === null) return;
      try {
        await openid.tokenRevocation(configuration(secret), secret.refreshToken);
      } catch (error) {
        // Google says so of a token that it does not know any more (RFC 7009, 2.2: it should not).
        if (error instanceof openid.ResponseBodyError && error.error === "invalid_token") return;
        fail(error);
      }
    },
  };
}

/** Microsoft returns scopes with or without the address of Graph before them. */
function isShortFor(scope: string, name: string): boolean {
  return name.toLowerCase().endsWith(`/${scope.toLowerCase()}`);
}

/** An answer without its id token: Entra's names another issuer for each tenant, which the client would refuse. */
function withoutIdToken(text: string, onIdToken: (idToken: string) => void): string {
  const answer = readJson(text);
  if (typeof answer !== "object" || answer === null || !("id_token" in answer)) return text;
  const { id_token, ...rest } = answer;
  if (typeof id_token === "string") onIdToken(id_token);
  return JSON.stringify(rest);
}

function tokensOf({ secret }: Pick<Login, "secret">): TokenSecret {
  if (secret.kind !== "tokens") throw new Error("This calendar is signed in to with tokens.");
  return secret;
}

function fail(error: unknown): never {
  if (error instanceof openid.ResponseBodyError) {
    const detail = [error.error, error.error_description].filter(Boolean).join(": ");
    throw new CalendarProblem(ownerErrors.includes(error.error) ? "login_refused" : "failing", { detail });
  }
  for (let cause: unknown = error; cause instanceof Error; cause = cause.cause) {
    if (cause instanceof CalendarProblem) throw cause;
  }
  if (error instanceof openid.ClientError) {
    const isSlow = error.code === "OAUTH_TIMEOUT" || error.code === "OAUTH_ABORT";
    throw new CalendarProblem(isSlow ? "too_slow" : "unreadable", { detail: error.message });
  }
  throw error;
}
