import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { z } from "zod";
import { mailedCode } from "#contract/accounts.ts";
import { email } from "#contract/primitives.ts";
import { fieldErrors } from "#words/fields.ts";
import type { Database } from "../platform/database/database.ts";
import { Refusal, refuseField } from "../platform/errors.ts";
import type { Identities } from "../platform/http/identity.ts";
import type { AccountDependencies } from "./accountDependencies.ts";
import { codeNotAccepted, evenly } from "./codeAnswers.ts";
import { rejectEasyPassword } from "./easyPasswords.ts";
import type { guessLimits } from "./guessLimits.ts";
import { newPassword } from "./libraryErrors.ts";
import { addressWasReached } from "./ownAddress.ts";
import { forgetTrustedDevices } from "./waysIn.ts";

const codeRequest = z.object({ email, type: z.enum(["sign-in", "forget-password"]) });
const codeSignIn = z.object({ email, otp: mailedCode });
const passwordReset = codeSignIn.extend({ password: newPassword });

interface Library {
  /** Calls the accounts library with the body of the request. */
  call(request: FastifyRequest, path: string): Promise<Response>;
  send(response: Response, reply: FastifyReply): Promise<FastifyReply>;
}

/**
 * The library's calls with codes by e-mail for people who are not signed in, with its paths. None reveals whether an address
 * has an account: responses are the same and take the same time, and every code that is not accepted is rejected in the
 * same way.
 */
export function codeRoutes(
  app: FastifyInstance,
  library: Library,
  {
    guesses,
    identities,
    database,
    notifyOfPassword,
  }: {
    guesses: ReturnType<typeof guessLimits>;
    identities: Identities;
    database: Database;
    notifyOfPassword: AccountDependencies["notifyOfPassword"];
  },
): void {
  // They wait on purpose, which says nothing about the rest of the app.
  const usual = { schema: { hide: true }, config: { load: "stays open" } } as const;

  app.post("/email-otp/send-verification-otp", {
    ...usual,
    preValidation: guesses.countCode,
    preHandler: parseBody(codeRequest),
    handler: async (request, reply) => {
      const response = await evenly(library.call(request, request.url));
      if (!response.ok) throw new Refusal("internal");
      return library.send(response, reply);
    },
  });

  app.post("/sign-in/email-otp", {
    ...usual,
    onRequest: guesses.countStranger,
    preValidation: guesses.countGuess,
    preHandler: parseBody(codeSignIn),
    handler: async (request, reply) => {
      const response = await evenly(library.call(request, request.url).then(requireAccepted));
      // Also of an address that was not confirmed before: its logins and its password have ended.
      identities.forget();
      guesses.rememberDevice(request, reply);
      await addressWasReached(database, codeSignIn.parse(request.body).email);
      return library.send(response, reply);
    },
  });

  app.post("/email-otp/reset-password", {
    ...usual,
    onRequest: guesses.countStranger,
    preValidation: guesses.countGuess,
    preHandler: [
      parseBody(passwordReset),
      async ({ body }) => {
        const { password, email: address } = passwordReset.parse(body);
        await rejectEasyPassword("password", password, { email: address });
      },
    ],
    handler: async (request, reply) => {
      await evenly(library.call(request, request.url).then(requireAccepted));
      identities.forget();
      const address = passwordReset.parse(request.body).email.toLowerCase();
      await addressWasReached(database, address);
      const { rows } = await database.accounts.query<{ id: string; email: string }>(
        "select id, email from auth.users where email = $1",
        [address],
      );
      for (const person of rows) {
        await forgetTrustedDevices(database.accounts, person.id);
        await notifyOfPassword(person);
      }
      const response = await library.call(request, "/api/auth/sign-in/email");
      if (!response.ok) throw new Refusal("internal");
      guesses.rememberDevice(request, reply);
      return library.send(response, reply);
    },
  });
}

/** Replaces the body with what the schema makes of it, so that nothing else reaches the library. */
function parseBody(schema: z.ZodType) {
  return async (request: FastifyRequest): Promise<void> => {
    const { data, error } = schema.safeParse(request.body ?? {});
    const [issue] = error?.issues ?? [];
    if (issue) {
      const message = issue.code === "invalid_type" ? fieldErrors.missing : issue.message;
      throw refuseField(issue.path.join(".") || "body", message);
    }
    request.body = data;
  };
}

/** The library says why it does not accept a code, and so whether there was one: here all reasons are the same. */
function requireAccepted(response: Response): Response {
  if (response.status >= 500) throw new Refusal("internal");
  if (!response.ok) throw codeNotAccepted("otp");
  return response;
}
