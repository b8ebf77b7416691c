import * as openid from "openid-client";
import type { CalendarPermission } from "#rules/calendarSignIn.ts";
import { addMs, type EpochMs, epochMs, MINUTE_MS, SECOND_MS } from "#scheduling/units.ts";
import type { PublicFetch } from "../platform/http/publicFetch.ts";
import { askProvider, providerBounds } from "./askProvider.ts";
import { CalendarProblem, type Login, type TokenSecret } from "./provider.ts";

/** A vendor's authorization server (RFC 6749), and what is asked of it. */
export interface OAuthServer {
  issuer: string;
  authorization: string;
  token: string;
  /** RFC 7009; null if it has none. */
  revocation: string | null;
  clientId: string;
  clientSecret: string;
  /** The scope of each permission; all are needed. */
  needs: Readonly<Partial<Record<CalendarPermission, string>>>;
  /** Scopes that are asked for besides, and not listed when they are granted. */
  further?: readonly string[];
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
  redeem(search: string, request: SignInRequest): Promise<TokenSecret>;
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
  const { needs, further = [], parameters = {}, loginLasts } = server;

  /** @param secret kept out of what is shown */
  function configuration(secret: TokenSecret): openid.Configuration {
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
      return new Response(answer.text, { status: answer.status, headers: answer.headers });
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

  function missingFrom(granted: string | undefined): CalendarPermission[] {
    // RFC 6749, 5.1: left out, it is what was asked for.
    if (granted === undefined) return [];
    const scopes = granted.split(" ");
    return (Object.keys(needs) as CalendarPermission[]).filter(
      (each) => !scopes.some((scope) => scope === needs[each] || scope.endsWith(`/${needs[each]}`)),
    );
  }

  async function renew(login: Login): Promise<string> {
    const secret = tokensOf(login);
    const tokens = await openid
      .refreshTokenGrant(configuration(secret), secret.refreshToken)
      .catch((error: unknown) => fail(error));
    const renewed = secretOf(tokens, secret);
    // First stored, then used: some vendors end the old one with the first use of the new one.
    await login.save(renewed, renewed.loginEndsAt);
    login.secret = renewed;
    return renewed.accessToken;
  }

  return {
    signInUrl: async ({ redirectUri, state, verifier, account }) =>
      openid.buildAuthorizationUrl(configuration(none), {
        redirect_uri: redirectUri,
        scope: [...Object.values(needs), ...further].join(" "),
        state,
        code_challenge: await openid.calculatePKCECodeChallenge(verifier),
        code_challenge_method: "S256",
        ...parameters,
        ...(account !== null && { login_hint: account }),
      }).href,

    redeem: async (search, { redirectUri, state, verifier }) => {
      const address = new URL(search, redirectUri);
      const tokens = await openid
        .authorizationCodeGrant(configuration(none), address, {
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
      const missing = missingFrom(tokens.scope);
      if (missing.length > 0) throw new SignInRefused("permissions", missing);
      if (tokens.refresh_token === undefined) {
        throw new CalendarProblem("unreadable", { detail: "the answer has no refresh token" });
      }
      const loginEndsAt = loginLasts === undefined ? null : addMs(now(), loginLasts);
      return secretOf(tokens, { refreshToken: tokens.refresh_token, loginEndsAt });
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
