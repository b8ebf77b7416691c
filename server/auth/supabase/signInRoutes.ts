import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { z } from "zod";
import { email, requiredLine, text } from "#contract/primitives.ts";
import { textLimits } from "#rules/limits.ts";
import { fieldErrors } from "#words/fields.ts";
import { refusals } from "#words/supabase.ts";
import { rejectEasyPassword } from "../../accounts/easyPasswords.ts";
import { guessLimits } from "../../accounts/guessLimits.ts";
import { openKnownDevices } from "../../accounts/knownDevices.ts";
import { newPassword, ownPassword } from "../../accounts/libraryErrors.ts";
import { Refusal, refuseField } from "../../platform/errors.ts";
import { limitTo } from "../../platform/limits/limits.ts";
import { openSealer } from "../../platform/sealed.ts";
import { keepLogin, type SigningIn, tokenOf } from "./signingIn.ts";
import type { SupabaseSession } from "./supabaseAuth.ts";

const credentials = z.object({ email, password: ownPassword });
const newAccount = z.object({ name: requiredLine(textLimits.personName), email, password: newPassword });
const secondStep = z.object({ code: text(textLimits.tag).min(1, fieldErrors.missing) });

/** A sign-in that waits for its second step. */
const waiting = z.object({
  accessToken: z.string(),
  factorId: z.uuid(),
  userId: z.uuid(),
  until: z.number(),
});
const secondStepMs = 10 * 60_000;

/**
 * Signing in, as the pages do it, in the paths and shapes of our own accounts: by Supabase Auth, which this server calls for
 * them. Everything else about accounts is the project's own, and has no address here.
 */
export async function signInRoutes(
  app: FastifyInstance,
  { auth, cookie, identities, readToken, secret, https }: SigningIn & { secret: string; https: boolean },
): Promise<void> {
  const guesses = guessLimits(app, openKnownDevices(secret), https);
  const sealer = openSealer(secret, "supabase second step v1");
  const stepCookie = `${https ? "__Secure-" : ""}matepeak.step`;
  const stepAttributes = { path: "/api/auth", httpOnly: true, sameSite: "lax", secure: https } as const;
  const hidden = { schema: { hide: true } };

  async function enter(session: SupabaseSession, reply: FastifyReply) {
    const token = await tokenOf(session, readToken);
    const person = await identities.find(token);
    if (!person) {
      await auth.signOut(session.access_token);
      throw new Refusal("account_closed");
    }
    keepLogin(reply, { cookie, identities }, token, session);
    reply.header("set-auth-token", session.access_token);
    const { id, email: address, name } = person;
    return { token: session.access_token, user: { id, email: address, name } };
  }

  app.post("/sign-in/email", {
    ...hidden,
    onRequest: guesses.countStranger,
    preValidation: guesses.countGuess,
    handler: async (request, reply) => {
      const given = parsed(credentials, request.body);
      const session = await auth.signIn(given.email, given.password);
      guesses.rememberDevice(request, reply);
      const { factors } = session.user;
      if (factors.length === 0) return enter(session, reply);
      const app = factors.find(({ factor_type }) => factor_type === "totp");
      if (!app) throw new Refusal("two_factor_required");
      const step = {
        accessToken: session.access_token,
        factorId: app.id,
        userId: session.user.id,
        until: Date.now() + secondStepMs,
      };
      reply.setCookie(stepCookie, sealer.seal(JSON.stringify(step)).toString("base64url"), {
        ...stepAttributes,
        maxAge: secondStepMs / 1000,
      });
      return { twoFactorRedirect: true };
    },
  });

  app.post("/two-factor/verify-totp", {
    ...hidden,
    onRequest: limitTo(app, "accounts"),
    handler: async (request, reply) => {
      const { code } = parsed(secondStep, request.body);
      const step = readStep(request);
      if (!step) throw new Refusal("second_step_over");
      await app.limits.count(reply, { name: "password-check", key: step.userId });
      const session = await auth.verifyFactor(step.factorId, code, step.accessToken);
      reply.clearCookie(stepCookie, stepAttributes);
      return enter(session, reply);
    },
  });

  function readStep(request: FastifyRequest): z.infer<typeof waiting> | null {
    try {
      const sealed = Buffer.from(request.cookies[stepCookie] ?? "", "base64url");
      const step = waiting.parse(JSON.parse(sealer.open(sealed)));
      return step.until > Date.now() ? step : null;
    } catch {
      // None, or none of ours.
      return null;
    }
  }

  app.post("/sign-up/email", {
    ...hidden,
    onRequest: limitTo(app, "sign-up"),
    handler: async (request, reply) => {
      const given = parsed(newAccount, request.body);
      await rejectEasyPassword("password", given.password, given);
      const session = await auth.signUp(given.name, given.email, given.password);
      guesses.rememberDevice(request, reply);
      if (!session) throw new Refusal("address_not_confirmed", { detail: refusals.confirmByMail });
      return enter(session, reply);
    },
  });

  app.post("/sign-out", {
    ...hidden,
    onRequest: limitTo(app, "accounts"),
    handler: async (request, reply) => {
      const bearer = /^bearer (\S+)$/i.exec(request.headers.authorization ?? "")?.[1];
      const own = cookie.read(request.headers.cookie);
      const proven = bearer === undefined ? null : await readToken(bearer);
      if (bearer !== undefined && proven) {
        await endAtSupabase(async () => bearer);
        identities.end(proven.loginId);
      }
      if (own) {
        await endAtSupabase(async () => (await auth.refresh(own.refreshToken)).access_token);
        identities.end(own.loginId);
        cookie.clear(reply);
      }
      return { success: true };
    },
  });

  async function endAtSupabase(findToken: () => Promise<string>): Promise<void> {
    try {
      await auth.signOut(await findToken());
    } catch (error) {
      // The login has ended before: its tokens are no longer accepted there.
      if (!(error instanceof Refusal) || error.code !== "invalid_credentials") throw error;
    }
  }
}

/** @throws Refusal `validation_failed` */
function parsed<T>(fields: z.ZodType<T>, body: unknown): T {
  const { data, error } = fields.safeParse(body ?? {});
  if (!error) return data;
  const [issue] = error.issues;
  const message = issue?.code === "invalid_type" ? fieldErrors.missing : issue?.message;
  throw refuseField(issue?.path.join(".") || "body", message ?? fieldErrors.invalid);
}
