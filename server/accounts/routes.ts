import type { FastifyPluginAsync, FastifyReply, FastifyRequest } from "fastify";
import type pg from "pg";
import { z } from "zod";
import { email, requiredLine, text } from "#contract/primitives.ts";
import { passkeyAssertion } from "#contract/signInMethods.ts";
import { textLimits } from "#rules/limits.ts";
import { fieldErrors, listErrors } from "#words/fields.ts";
import type { Database } from "../platform/database/database.ts";
import { Refusal, refuseField } from "../platform/errors.ts";
import { signedIn } from "../platform/http/authority.ts";
import { type Identities, requireIdentity } from "../platform/http/identity.ts";
import { limitTo } from "../platform/limits/limits.ts";
import type { AccountDependencies } from "./accountDependencies.ts";
import { type Accounts, addressHeader } from "./accounts.ts";
import { codeRoutes } from "./codeRoutes.ts";
import { rejectEasyPassword } from "./easyPasswords.ts";
import { guessLimits } from "./guessLimits.ts";
import { toWebHeaders } from "./identities.ts";
import { openKnownDevices } from "./knownDevices.ts";
import { newPassword, refusalOfLibrary } from "./libraryErrors.ts";
import { loginRoutes } from "./loginRoutes.ts";
import { confirmedAddress, freshProof } from "./proof.ts";
import { isTaken, responseOfSignIn } from "./signUp.ts";
import { disguiseAddress, openAddresses } from "./unusualAddresses.ts";
import { forgetTrustedDevices } from "./waysIn.ts";

/** Forwards /api/auth/* to the accounts library and turns its errors into problem documents. */
export const authRoutes: FastifyPluginAsync<{
  accounts: Accounts;
  identities: Identities;
  pool: pg.Pool;
  secret: string;
  https: boolean;
  notifyOfPassword: AccountDependencies["notifyOfPassword"];
  database: Database;
}> = async (app, { accounts, identities, pool, secret, https, notifyOfPassword, database }) => {
  const guesses = guessLimits(app, openKnownDevices(secret), https);
  const refusalOf = async (request: FastifyRequest, status: number, text: string) => {
    // The library hides why it failed. If the database is down, this query says so.
    if (status >= 500) await pool.query("select 1");
    return refusalOfLibrary(status, text, request.body);
  };
  const call = async (request: FastifyRequest) => {
    const response = await callBetterAuth(accounts, request);
    if (response.status >= 400) throw await refusalOf(request, response.status, await response.text());
    return response;
  };
  const signUp = async (request: FastifyRequest, reply: FastifyReply) => {
    const response = await callBetterAuth(accounts, request);
    if (response.ok) return response;
    const text = await response.text();
    if (await isTaken(accounts, text, chosenPassword.parse(request.body).email)) {
      // An account's password can be guessed here as well as at sign-in.
      await guesses.countGuess(request, reply);
      return responseOfSignIn(await callBetterAuth(accounts, request, "/api/auth/sign-in/email"));
    }
    throw await refusalOf(request, response.status, text);
  };
  const forward = async (request: FastifyRequest, reply: FastifyReply) =>
    sendResponse(await call(request), reply);
  const enter = async (request: FastifyRequest, reply: FastifyReply) => {
    const response = await call(request);
    guesses.rememberDevice(request, reply);
    return sendResponse(response, reply);
  };
  const hidden = { schema: { hide: true }, bodyLimit };

  // These wait in the queue for password hashing (passwordLane.ts), which says nothing about the rest of the app.
  const inOwnQueue = { config: { load: "stays open" } } as const;

  app.post("/sign-in/email", {
    ...hidden,
    ...inOwnQueue,
    onRequest: guesses.countStranger,
    preValidation: guesses.countGuess,
    preHandler: rejectUnstorableText,
    handler: enter,
  });
  app.post("/sign-up/email", {
    ...hidden,
    ...inOwnQueue,
    onRequest: limitTo(app, "sign-up"),
    preHandler: [
      async ({ body }) => rejectInvalid(signUpFields, body),
      rejectUnstorableText,
      async ({ body }) => {
        const { password, ...person } = chosenPassword.parse(body);
        await rejectEasyPassword("password", password, person);
      },
    ],
    handler: async (request, reply) => {
      const response = await signUp(request, reply);
      guesses.rememberDevice(request, reply);
      return sendResponse(response, reply);
    },
  });
  codeRoutes(
    app,
    { call: (request, path) => callBetterAuth(accounts, request, path), send: sendResponse },
    { guesses, identities, database, notifyOfPassword },
  );
  app.post("/passkey/sign-in", {
    ...hidden,
    onRequest: limitTo(app, "accounts"),
    preHandler: async ({ body }) => rejectInvalid(passkeySignIn, body),
    handler: forward,
  });
  app.post("/link-social", {
    ...hidden,
    onRequest: limitTo(app, "accounts"),
    preHandler: [signedIn, freshProof(pool), confirmedAddress(pool), rejectUnstorableText],
    handler: forward,
  });
  loginRoutes(app, { accounts, identities, pool });
  const usual = {
    ...hidden,
    preValidation: guesses.countPasswordCheck,
    preHandler: [
      async ({ body }: FastifyRequest) => {
        if (typeof body === "object" && body !== null && "name" in body) rejectInvalid(nameFields, body);
      },
      rejectUnstorableText,
      // The second step is for people who are signing in: with a login, codes could be tried without a limit.
      async (request: FastifyRequest) => {
        if (request.url.startsWith("/api/auth/two-factor/verify-") && (await request.identity()))
          throw new Refusal("second_step_over");
      },
      // The library ignores this header, and would sign out or change whichever person is signed in.
      async (request: FastifyRequest) => {
        if (request.headers["for-user"] !== undefined) await request.identity();
      },
      async (request: FastifyRequest) => {
        const changed = changedPassword.safeParse(request.body);
        if (!changed.success) return;
        const person = (await request.identity()) ?? {};
        await rejectEasyPassword("newPassword", changed.data.newPassword, person);
      },
    ],
  };
  app.post("/change-password", {
    ...usual,
    onRequest: limitTo(app, "accounts"),
    handler: async (request, reply) => {
      const person = await requireIdentity(request);
      const response = await call(request).finally(identities.forget);
      await forgetTrustedDevices(pool, person.id);
      await notifyOfPassword(person);
      return sendResponse(response, reply);
    },
  });
  app.route({
    ...usual,
    method: ["GET", "POST"],
    url: "/*",
    onRequest: [
      async ({ url }) => {
        if (!plainPath.test(url)) throw new Refusal("not_found");
      },
      limitTo(app, "accounts"),
    ],
    handler: async (request, reply) => {
      try {
        return await forward(request, reply);
      } finally {
        if (request.method === "POST") identities.forget();
      }
    },
  });
};

/**
 * The paths that are forwarded. The library accepts other spellings, such as `//sign-in/email`, which would bypass the
 * limits of sign-in.
 */
const plainPath = /^\/api\/auth(\/[\w-]+)+\/?(\?|$)/;

/** Stricter than the library: the rules of our tables and pages. */
const nameFields = z.object({ name: requiredLine(textLimits.personName) });
const signUpFields = nameFields.extend({ email, password: newPassword });
const chosenPassword = z.object({ name: z.string(), email, password: z.string() });
const changedPassword = z.object({ newPassword });

const passkeySignIn = z.object({ passkey: passkeyAssertion });

function rejectInvalid(fields: z.ZodType, body: unknown): void {
  const [issue] = fields.safeParse(body ?? {}).error?.issues ?? [];
  if (issue) throw refuseField(issue.path.join(".") || "body", messageOf(issue));
}

function messageOf(issue: z.core.$ZodIssue): string {
  return issue.code === "invalid_type" ? fieldErrors.missing : issue.message;
}

/** More than the library's largest form has. */
const maxFields = 20;
const anyText = text(textLimits.accountField);
/** The largest such form, with room for escapes; bytes. */
const bodyLimit = 256 * 1024;

/** The library accepts any number of fields of any depth: whatever it does not need is rejected here. */
async function rejectUnstorableText({ body }: FastifyRequest): Promise<void> {
  const fields = Object.entries(body ?? {});
  if (fields.length > maxFields) throw refuseField("body", listErrors.tooManyFields(maxFields));
  for (const [field, value] of fields) {
    if (typeof value === "object" && value !== null) throw refuseField(field, fieldErrors.invalid);
    if (typeof value !== "string") continue;
    const checked = anyText.safeParse(value);
    if (!checked.success) throw refuseField(field, checked.error.issues[0]?.message ?? fieldErrors.invalid);
  }
}

/** Returns the body with the name as text is stored, and the address in a form that the library accepts. */
function bodyForLibrary(body: unknown): object {
  const { name, email: address, ...rest } = (body ?? {}) as Record<string, unknown>;
  const { data: named } = nameFields.safeParse({ name });
  return {
    ...rest,
    ...(name === undefined ? {} : { name: named?.name ?? name }),
    ...(address === undefined
      ? {}
      : { email: typeof address === "string" ? disguiseAddress(address) : address }),
  };
}

async function callBetterAuth(
  accounts: Accounts,
  request: FastifyRequest,
  path = request.url,
): Promise<Response> {
  const headers = toWebHeaders(request);
  headers.set(addressHeader, request.ip);
  // The library rejects writes without an Origin. Those of browsers were checked before (platform/http/caller.ts), and
  // scripts send none.
  if (!headers.has("origin")) headers.set("origin", `${request.protocol}://${request.host}`);
  headers.delete("content-length");
  // Also without a body: the library requires the type even if it reads nothing.
  if (request.method === "POST") headers.set("content-type", "application/json");
  return accounts.handler(
    new Request(new URL(path, `${request.protocol}://${request.host}`), {
      method: request.method,
      headers,
      ...(request.method === "POST" ? { body: JSON.stringify(bodyForLibrary(request.body)) } : {}),
    }),
  );
}

async function sendResponse(response: Response, reply: FastifyReply): Promise<FastifyReply> {
  reply.status(response.status);
  for (const [name, value] of response.headers) if (name !== "set-cookie") reply.header(name, value);
  for (const cookie of response.headers.getSetCookie()) reply.header("set-cookie", cookie);
  return reply.send(withBearer(openAddresses(await response.text()), response.headers.get("set-auth-token")));
}

/** Replaces the library's `token`, which lacks the signature and would not work as a bearer token. */
function withBearer(body: string, bearer: string | null): string {
  // A redirect has no body.
  if (!bearer || body === "") return body;
  const parsed = z.looseObject({ token: z.string() }).safeParse(JSON.parse(body));
  return parsed.success ? JSON.stringify({ ...parsed.data, token: bearer }) : body;
}
