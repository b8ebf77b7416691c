import type { FastifyReply } from "fastify";
import { z } from "zod";
import { openSealer } from "../../platform/sealed.ts";

const kept = z.object({
  userId: z.uuid(),
  loginId: z.uuid(),
  /** Epoch ms. */
  provedAt: z.number(),
  /** Epoch ms. */
  expiresAt: z.number(),
  /** For the access token with which the login is ended. */
  refreshToken: z.string(),
});
export type KeptLogin = z.infer<typeof kept>;

export const cookieName = "matepeak.login";
/** s */
export const loginLife = 30 * 86_400;

/**
 * A login in the browser: sealed, so that neither a page nor a copy of it shows a token of Supabase. Whether the login is still
 * open is a matter of the database.
 */
export function openLoginCookie(secret: string, https: boolean) {
  const sealer = openSealer(secret, "supabase login v1");
  const name = `${https ? "__Secure-" : ""}${cookieName}`;
  const attributes = { path: "/", httpOnly: true, sameSite: "lax", secure: https } as const;
  return {
    set: (reply: FastifyReply, login: KeptLogin) =>
      reply.setCookie(name, sealer.seal(JSON.stringify(login)).toString("base64url"), {
        ...attributes,
        maxAge: loginLife,
      }),
    clear: (reply: FastifyReply) => reply.clearCookie(name, attributes),
    /** Returns what the cookie header holds; null if it is none of ours, or older than it may be. */
    read(header: string | undefined): KeptLogin | null {
      const start = `${name}=`;
      const value = header
        ?.split(/; ?/)
        .find((each) => each.startsWith(start))
        ?.slice(start.length);
      if (!value) return null;
      let text: string;
      try {
        text = sealer.open(Buffer.from(value, "base64url"));
      } catch {
        // Sealed with another secret, or changed.
        return null;
      }
      const { data } = kept.safeParse(JSON.parse(text));
      return data && data.expiresAt > Date.now() ? data : null;
    },
  };
}
export type LoginCookie = ReturnType<typeof openLoginCookie>;
