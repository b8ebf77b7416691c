import type { FastifyPluginAsync, FastifyReply, FastifyRequest } from "fastify";
import type { ErrorCode } from "../../contract/errors.ts";
import { Refusal, refuseField } from "../errors.ts";
import { limitTo } from "../plugins/rateLimits.ts";
import { type Accounts, addressHeader } from "./accounts.ts";
import { toWebHeaders } from "./identity.ts";

/** Hands /api/auth/* to the accounts library and its errors to our one form of problem documents. */
export const authRoutes: FastifyPluginAsync<{ accounts: Accounts }> = async (app, { accounts }) => {
  const forward = (request: FastifyRequest, reply: FastifyReply) =>
    forwardToLibrary(accounts, request, reply);
  const hidden = { schema: { hide: true } };

  app.post("/sign-in/email", {
    ...hidden,
    preHandler: [
      limitTo(app, { max: 60, per: "1 minute", by: "address", name: "sign-in" }),
      limitTo(app, { max: 5, per: "1 minute", by: "email", name: "sign-in-account" }),
      limitTo(app, { max: 20, per: "1 hour", by: "email", name: "sign-in-account-hour" }),
    ],
    handler: forward,
  });
  app.post("/sign-up/email", {
    ...hidden,
    preHandler: [limitTo(app, { max: 30, per: "1 hour", by: "address", name: "sign-up" }), refusePoorSignUp],
    handler: forward,
  });
  app.route({
    ...hidden,
    method: ["GET", "POST"],
    url: "/*",
    preHandler: [limitTo(app, { max: 120, per: "1 minute", by: "address", name: "accounts" })],
    handler: forward,
  });
};

/** What the library does not mind but our tables and pages do. */
async function refusePoorSignUp(request: FastifyRequest): Promise<void> {
  const { name } = (request.body ?? {}) as { name?: unknown };
  if (typeof name !== "string" || name.trim() === "") throw refuseField("name", "Please fill this in.");
  if (name.length > 120) throw refuseField("name", "Keep it under 120 characters.");
  if (JSON.stringify(request.body).includes("\\u0000")) {
    throw refuseField("name", "This text contains a character that cannot be stored.");
  }
}

async function forwardToLibrary(
  accounts: Accounts,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<FastifyReply> {
  const headers = toWebHeaders(request);
  headers.set(addressHeader, request.ip);
  // The library refuses writes without an Origin. A browser's has been checked before (plugins/caller.ts), and a
  // script has none.
  if (!headers.has("origin")) headers.set("origin", `${request.protocol}://${request.host}`);
  headers.delete("content-length");
  const answer = await accounts.handler(
    new Request(new URL(request.url, `${request.protocol}://${request.host}`), {
      method: request.method,
      headers,
      ...(request.method === "POST" ? { body: JSON.stringify(request.body ?? {}) } : {}),
    }),
  );
  if (answer.status >= 400) throw refusalOf(answer.status, await answer.text());
  reply.status(answer.status);
  for (const [name, value] of answer.headers) if (name !== "set-cookie") reply.header(name, value);
  for (const cookie of answer.headers.getSetCookie()) reply.header("set-cookie", cookie);
  return reply.send(Buffer.from(await answer.arrayBuffer()));
}

/** The library's error codes that a person can mend, and the field to mend. */
const fieldOfError: Readonly<Record<string, { field: string; message: string }>> = {
  USER_ALREADY_EXISTS: { field: "email", message: "There is already an account with this e-mail address." },
  USER_ALREADY_EXISTS_USE_ANOTHER_EMAIL: {
    field: "email",
    message: "There is already an account with this e-mail address.",
  },
  INVALID_EMAIL: { field: "email", message: "This is not a valid e-mail address." },
  PASSWORD_TOO_SHORT: { field: "password", message: "Use at least 8 characters." },
  PASSWORD_TOO_LONG: { field: "password", message: "Use at most 128 characters." },
};

function refusalOf(status: number, body: string): Refusal {
  const said = parseError(body);
  const known = fieldOfError[said.code ?? ""];
  if (known) return refuseField(known.field, known.message);
  if (status === 401) return new Refusal("invalid_credentials");
  const code: ErrorCode =
    status === 403
      ? "forbidden"
      : status === 404
        ? "not_found"
        : status >= 500
          ? "internal"
          : "validation_failed";
  return new Refusal(code, status < 500 && said.message ? { detail: said.message } : {});
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
