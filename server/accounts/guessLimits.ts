import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { textLimits } from "#rules/limits.ts";
import { requireIdentity } from "../platform/http/identity.ts";
import { addressOf } from "../platform/limits/limits.ts";
import { deviceCookieLife, type KnownDevices } from "./knownDevices.ts";

/**
 * Slows down guesses at a password without letting a stranger lock the owner out. Guesses count by address and account
 * together; a device that has signed in to the account before counts separately from all strangers. Guesses of all
 * strangers at one account have a limit too, beyond which only known devices can sign in.
 */
export function guessLimits(app: FastifyInstance, devices: KnownDevices, https: boolean) {
  const cookieName = `${https ? "__Secure-" : ""}matepeak.device`;

  return {
    /** Before the body is read: sign-in from a device without a cookie. */
    countStranger: async (request: FastifyRequest, reply: FastifyReply): Promise<void> => {
      if (request.cookies[cookieName] === undefined)
        await app.limits.count(reply, { name: "sign-in-address", key: addressOf(request) });
    },

    /** With the body, which names the account. A guess that is rejected by one limit doesn't count for the next ones. */
    countGuess: async (request: FastifyRequest, reply: FastifyReply): Promise<void> => {
      const account = accountOf(request.body);
      const cookie = request.cookies[cookieName];
      const device = account === undefined ? undefined : devices.recognise(cookie, account);
      if (device !== undefined) {
        const key = `${device} ${account}`;
        await app.limits.count(reply, { name: "sign-in-device", key }, { name: "sign-in-device-hour", key });
        return;
      }
      const address = addressOf(request);
      if (cookie !== undefined) await app.limits.count(reply, { name: "sign-in-address", key: address });
      if (account === undefined) return;
      const key = `${address} ${account}`;
      await app.limits.count(reply, { name: "sign-in-guesses", key });
      await app.limits.count(reply, { name: "sign-in-guesses-hour", key });
      await app.limits.count(reply, { name: "sign-in-account-hour", key: account });
    },

    /**
     * Requests for a code by e-mail. As with guesses, strangers who use up an account's allowance do not keep its owner
     * from getting a code on a device that the account knows.
     */
    countCode: async (request: FastifyRequest, reply: FastifyReply): Promise<void> => {
      const address = addressOf(request);
      await app.limits.count(reply, { name: "code-address", key: address });
      const account = accountOf(request.body);
      if (account === undefined) return;
      const device = devices.recognise(request.cookies[cookieName], account);
      if (device !== undefined) {
        const key = `${device} ${account}`;
        await app.limits.count(reply, { name: "code-device", key }, { name: "code-device-day", key });
        return;
      }
      await app.limits.count(reply, { name: "code-stranger", key: `${address} ${account}` });
      await app.limits.count(
        reply,
        { name: "code-strangers", key: account },
        { name: "code-strangers-day", key: account },
      );
    },

    /** Calls by signed-in people that check the password. */
    countPasswordCheck: async (request: FastifyRequest, reply: FastifyReply): Promise<void> => {
      const body = request.body ?? {};
      if (typeof body !== "object" || !("currentPassword" in body || "password" in body)) return;
      const { id } = await requireIdentity(request);
      await app.limits.count(reply, { name: "password-check", key: id });
    },

    /** After a successful sign-in or sign-up: the device is known to the account from now on. */
    rememberDevice: (request: FastifyRequest, reply: FastifyReply): void => {
      const account = accountOf(request.body);
      if (account === undefined) return;
      reply.setCookie(cookieName, devices.remember(request.cookies[cookieName], account), {
        path: "/api/auth",
        httpOnly: true,
        sameSite: "lax",
        secure: https,
        maxAge: deviceCookieLife,
      });
    },
  };
}

/** All spellings of an e-mail address are one account; undefined if the body names none. */
function accountOf(body: unknown): string | undefined {
  const { email } = (body ?? {}) as { email?: unknown };
  return typeof email === "string"
    ? email.normalize("NFKC").trim().toLowerCase().slice(0, textLimits.email)
    : undefined;
}
