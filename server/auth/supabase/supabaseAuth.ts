import { z } from "zod";
import { refusals } from "#words/supabase.ts";
import type { SupabaseConfig } from "../../platform/config.ts";
import { Refusal, refuseField } from "../../platform/errors.ts";
import { fetchBounded, NoAnswer } from "../../platform/http/fetchBounded.ts";

const bounds = { timeoutMs: 10_000, maxBytes: 256 * 1024 };

const session = z.object({
  access_token: z.string().min(1),
  refresh_token: z.string().min(1),
  user: z.object({
    id: z.uuid(),
    factors: z
      .array(z.object({ id: z.uuid(), status: z.string(), factor_type: z.string() }))
      .nullish()
      .transform((factors) => (factors ?? []).filter(({ status }) => status === "verified")),
  }),
});
export type SupabaseSession = z.infer<typeof session>;

/** An error of GoTrue; older versions send the code as a number and the name elsewhere. */
const failure = z.object({ error_code: z.string().optional(), code: z.unknown() });

/**
 * The calls of Supabase Auth that signing in needs, made by our server: the pages keep our cookie and no token, and load no
 * further code. https://github.com/supabase/auth/blob/master/openapi.yaml
 */
export function openSupabaseAuth({ url, publishableKey }: Pick<SupabaseConfig, "url" | "publishableKey">) {
  async function call(path: string, body: object, token?: string): Promise<unknown> {
    const { status, text } = await fetchBounded(
      `${url}/auth/v1${path}`,
      {
        method: "POST",
        headers: {
          apikey: publishableKey,
          "content-type": "application/json",
          ...(token !== undefined && { authorization: `Bearer ${token}` }),
        },
        body: JSON.stringify(body),
      },
      bounds,
    ).catch((error: unknown) => {
      throw error instanceof NoAnswer ? new Refusal("sign_in_unavailable") : error;
    });
    // 404: no such project, or no Auth at this address.
    if (status >= 500 || status === 404) throw new Refusal("sign_in_unavailable");
    const answer = text === "" ? undefined : parsedJson(text);
    if (status < 300) return answer;
    const { data } = failure.safeParse(answer);
    throw refusalOf(status, data?.error_code ?? (typeof data?.code === "string" ? data.code : ""));
  }

  async function readSession(answer: Promise<unknown>): Promise<SupabaseSession> {
    const { data } = session.safeParse(await answer);
    if (!data) throw new Refusal("sign_in_unavailable");
    return data;
  }

  return {
    signIn: (email: string, password: string) =>
      readSession(call("/token?grant_type=password", { email, password })),
    /** @returns null if the address has to be confirmed first, or has an account, which the answer does not reveal */
    signUp: async (name: string, email: string, password: string): Promise<SupabaseSession | null> => {
      const answer = await call("/signup", { email, password, data: { full_name: name } });
      return session.safeParse(answer).data ?? null;
    },
    refresh: (refreshToken: string) =>
      readSession(call("/token?grant_type=refresh_token", { refresh_token: refreshToken })),
    /** Takes the second step with a code of the authenticator app. */
    verifyFactor: async (factorId: string, code: string, accessToken: string): Promise<SupabaseSession> => {
      const { data } = z
        .object({ id: z.uuid() })
        .safeParse(await call(`/factors/${factorId}/challenge`, {}, accessToken));
      if (!data) throw new Refusal("sign_in_unavailable");
      return readSession(call(`/factors/${factorId}/verify`, { challenge_id: data.id, code }, accessToken));
    },
    /** Ends this one login. */
    signOut: async (accessToken: string): Promise<void> => {
      await call("/logout?scope=local", {}, accessToken);
    },
  };
}
export type SupabaseAuth = ReturnType<typeof openSupabaseAuth>;

function refusalOf(status: number, code: string): Refusal {
  if (status === 429) return new Refusal("rate_limited");
  switch (code) {
    case "email_not_confirmed":
      return new Refusal("address_not_confirmed", { detail: refusals.confirmByMail });
    case "user_banned":
      return new Refusal("account_closed");
    case "weak_password":
      return refuseField("password", refusals.weakPassword);
    case "email_address_invalid":
    case "email_address_not_authorized":
      return refuseField("email", refusals.addressRefused);
    case "user_already_exists":
    case "email_exists":
    case "signup_disabled":
    case "email_provider_disabled":
      return new Refusal("account_not_created");
    case "mfa_verification_failed":
    case "mfa_challenge_expired":
      return new Refusal("code_not_accepted");
    default:
      return new Refusal("invalid_credentials");
  }
}

function parsedJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
