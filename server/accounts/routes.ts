import type { FastifyPluginAsync, FastifyReply, FastifyRequest } from "fastify";
import { z } from "zod";
import type { ErrorCode } from "#contract/errors.ts";
import { email, requiredLine, text } from "#contract/primitives.ts";
import { numberLimits, textLimits } from "#rules/limits.ts";
import { Refusal, refuseField } from "../platform/errors.ts";
import type { Identities } from "../platform/http/identity.ts";
import { limitTo } from "../platform/limits/limits.ts";
import { type Accounts, addressHeader } from "./accounts.ts";
import { rejectEasyPassword } from "./easyPasswords.ts";
import { guessLimits } from "./guessLimits.ts";
import { toWebHeaders } from "./identities.ts";
import { openKnownDevices } from "./knownDevices.ts";
import { sessionRoutes } from "./sessionRoutes.ts";
import { answerOfSignIn, isTaken } from "./signUp.ts";
import { disguiseAddress, openAddresses } from "./unusualAddresses.ts";

/** Hands /api/auth/* to the accounts library and its errors to our one form of problem documents. */
export const authRoutes: FastifyPluginAsync<{
  accounts: Accounts;
  identities: Identities;
  ping: () => Promise<void>;
  secret: string;
  https: boolean;
}> = async (app, { accounts, identities, ping, secret, https }) => {
  const guesses = guessLimits(app, openKnownDevices(secret), https);
  const refuse = async (status: number, said: string) => {
    // The library does not say why it failed. If it is for want of the database, this says so.
    if (status >= 500) await ping();
    return refusalOf(status, said);
  };
  const ask = async (request: FastifyRequest) => {
    const answer = await callBetterAuth(accounts, request);
    if (answer.status >= 400) throw await refuse(answer.status, await answer.text());
    return answer;
  };
  const signUp = async (request: FastifyRequest, reply: FastifyReply) => {
    const answer = await callBetterAuth(accounts, request);
    if (answer.ok) return answer;
    const said = await answer.text();
    if (await isTaken(accounts, said, newPassword.parse(request.body).email)) {
      // The password of an account can be tried here as well as by signing in.
      await guesses.countGuess(request, reply);
      return answerOfSignIn(await callBetterAuth(accounts, request, "/api/auth/sign-in/email"));
    }
    throw await refuse(answer.status, said);
  };
  const forward = async (request: FastifyRequest, reply: FastifyReply) =>
    sendResponse(await ask(request), reply);
  const enter = async (request: FastifyRequest, reply: FastifyReply) => {
    const answer = await ask(request);
    guesses.rememberDevice(request, reply);
    return sendResponse(answer, reply);
  };
  const hidden = { schema: { hide: true }, bodyLimit };

  // They wait for their hash in a line of its own (passwordLane.ts), which says nothing about the rest of the app.
  const inOwnLine = { config: { load: "stays open" } } as const;

  app.post("/sign-in/email", {
    ...hidden,
    ...inOwnLine,
    onRequest: guesses.countStranger,
    preValidation: guesses.countGuess,
    preHandler: rejectUnstorableText,
    handler: enter,
  });
  app.post("/sign-up/email", {
    ...hidden,
    ...inOwnLine,
    onRequest: limitTo(app, "sign-up"),
    preHandler: [
      async ({ body }) => rejectInvalid(signUpFields, body),
      rejectUnstorableText,
      async ({ body }) => {
        const { password, ...person } = newPassword.parse(body);
        await rejectEasyPassword("password", password, person);
      },
    ],
    handler: async (request, reply) => {
      const answer = await signUp(request, reply);
      guesses.rememberDevice(request, reply);
      return sendResponse(answer, reply);
    },
  });
  sessionRoutes(app, { accounts, identities });
  app.route({
    ...hidden,
    method: ["GET", "POST"],
    url: "/*",
    onRequest: [
      async ({ url }) => {
        if (!plainPath.test(url)) throw new Refusal("not_found");
      },
      limitTo(app, "accounts"),
    ],
    preValidation: guesses.countPasswordCheck,
    preHandler: [
      async ({ body }) => {
        if (typeof body === "object" && body !== null && "name" in body) rejectInvalid(nameFields, body);
      },
      rejectUnstorableText,
      // The library does not know of the header, and would sign out or change whoever is here.
      async (request) => {
        if (request.headers["for-user"] !== undefined) await request.identity();
      },
      async (request) => {
        const changed = changedPassword.safeParse(request.body);
        if (!changed.success) return;
        const person = (await request.identity()) ?? {};
        await rejectEasyPassword("newPassword", changed.data.newPassword, person);
      },
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
 * How the library's own addresses are written. It reads others as the same, such as `//sign-in/email`: they would pass by
 * the limits of sign-in.
 */
const plainPath = /^\/api\/auth(\/[\w-]+)+\/?(\?|$)/;

const { passwordCharacters } = numberLimits;
const tooShort = `Use at least ${passwordCharacters.min} characters.`;
const tooLong = `Use at most ${passwordCharacters.max} characters.`;

/** What the library does not mind but our tables and pages do. */
const nameFields = z.object({ name: requiredLine(textLimits.personName) });
const signUpFields = nameFields.extend({
  email,
  password: z.string().min(passwordCharacters.min, tooShort).max(passwordCharacters.max, tooLong),
});
const newPassword = z.object({ name: z.string(), email, password: z.string() });
const changedPassword = z.object({
  newPassword: z.string().min(passwordCharacters.min).max(passwordCharacters.max),
});

function rejectInvalid(fields: z.ZodType, body: unknown): void {
  const [issue] = fields.safeParse(body ?? {}).error?.issues ?? [];
  if (issue) throw refuseField(issue.path.join(".") || "body", messageOf(issue));
}

function messageOf(issue: z.core.$ZodIssue): string {
  return issue.code === "invalid_type" ? "Please fill this in." : issue.message;
}

/** More than the library's largest form has. */
const maxFields = 20;
const anyText = text(textLimits.accountField);
/** What such a form can be at most, with room for escapes; bytes. */
const bodyLimit = 256 * 1024;

/** The library takes any fields, of any depth: what it does not need is refused before it looks. */
async function rejectUnstorableText({ body }: FastifyRequest): Promise<void> {
  const fields = Object.entries(body ?? {});
  if (fields.length > maxFields) throw refuseField("body", `Send at most ${maxFields} fields.`);
  for (const [field, value] of fields) {
    if (typeof value === "object" && value !== null) throw refuseField(field, "This is not right.");
    if (typeof value !== "string") continue;
    const checked = anyText.safeParse(value);
    if (!checked.success) throw refuseField(field, checked.error.issues[0]?.message ?? "This is not right.");
  }
}

/** Names in the form in which all text is stored, addresses in one that the library takes. */
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
  // The library refuses writes without an Origin. A browser's has been checked before (platform/http/caller.ts), and a
  // script has none.
  if (!headers.has("origin")) headers.set("origin", `${request.protocol}://${request.host}`);
  headers.delete("content-length");
  // Of requests without a body, too: the library insists on the type of what it does not read.
  if (request.method === "POST") headers.set("content-type", "application/json");
  return accounts.handler(
    new Request(new URL(path, `${request.protocol}://${request.host}`), {
      method: request.method,
      headers,
      ...(request.method === "POST" ? { body: JSON.stringify(bodyForLibrary(request.body)) } : {}),
    }),
  );
}

async function sendResponse(answer: Response, reply: FastifyReply): Promise<FastifyReply> {
  reply.status(answer.status);
  for (const [name, value] of answer.headers) if (name !== "set-cookie") reply.header(name, value);
  for (const cookie of answer.headers.getSetCookie()) reply.header("set-cookie", cookie);
  return reply.send(withBearer(openAddresses(await answer.text()), answer.headers.get("set-auth-token")));
}

/** The library's own `token` lacks the signature, and would open nothing as a bearer token. */
function withBearer(body: string, bearer: string | null): string {
  if (!bearer) return body;
  const said = z.looseObject({ token: z.string() }).safeParse(JSON.parse(body));
  return said.success ? JSON.stringify({ ...said.data, token: bearer }) : body;
}

/** The library's error codes that a person can mend, and the field to mend. */
const fieldOfError: Readonly<Record<string, { field: string; message: string }>> = {
  INVALID_EMAIL: { field: "email", message: "This is not a valid e-mail address." },
  PASSWORD_TOO_SHORT: { field: "password", message: tooShort },
  PASSWORD_TOO_LONG: { field: "password", message: tooLong },
};

function refusalOf(status: number, body: string): Refusal {
  const said = parseError(body);
  const known = fieldOfError[said.code ?? ""];
  if (known) return refuseField(known.field, known.message);
  // "[body.email] Invalid email address; [body.password] …"
  const [, field, message] = /^\[(?:body|query)\.(\w+)\] ([^;]+)/.exec(said.message ?? "") ?? [];
  if (field && message) return refuseField(field, fieldMessages[field] ?? message);
  const code = codeOf(status, said.code);
  // Whose words are the library's own, and ours say it better.
  const isSaid = status < 500 && code !== "invalid_credentials" && said.message;
  return new Refusal(code, isSaid ? { detail: isSaid } : {});
}

const fieldMessages: Readonly<Record<string, string>> = {
  email: "This is not a valid e-mail address.",
  password: "Please fill this in.",
};

function codeOf(status: number, said: string | undefined): ErrorCode {
  if (status === 401) return said?.startsWith("INVALID_") ? "invalid_credentials" : "unauthenticated";
  if (status === 403) return "forbidden";
  if (status === 404) return "not_found";
  return status >= 500 ? "internal" : "validation_failed";
}

function parseError(body: string): { code?: string; message?: string } {
  try {
    const { code, message } = JSON.parse(body) as { code?: unknown; message?: unknown };
    return {
      ...(typeof code === "string" ? { code } : {}),
      ...(typeof message === "string" ? { message } : {}),
    };
  } catch {
    return {};
  }
}
