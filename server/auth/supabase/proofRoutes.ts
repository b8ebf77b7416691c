import { z } from "zod";
import { deleted } from "#contract/primitives.ts";
import { signInMethods, signInOptions } from "#contract/signInMethods.ts";
import { ownPassword } from "../../accounts/libraryErrors.ts";
import { Refusal } from "../../platform/errors.ts";
import { anyone, signedIn } from "../../platform/http/authority.ts";
import { problemResponses, type TypedApp } from "../../platform/http/route.ts";
import { limitTo } from "../../platform/limits/limits.ts";
import { keepLogin, type SigningIn, tokenOf } from "./signingIn.ts";

const passwordOnly = z.strictObject({ password: ownPassword });

/** How people sign in here, and the proof that it is them. */
export async function proofRoutes(app: TypedApp, signingIn: SigningIn): Promise<void> {
  const { auth, cookie, identities, readToken } = signingIn;
  const tags = ["Account"];

  app.get("/sign-in-options", {
    schema: { tags, summary: "Get how visitors may sign in", response: { 200: signInOptions } },
    preHandler: anyone,
    handler: async () => ({ google: false, elsewhere: true }),
  });

  app.get("/me/sign-in-methods", {
    schema: {
      tags,
      summary: "Get how I sign in",
      response: { 200: signInMethods, ...problemResponses(401) },
    },
    preHandler: signedIn,
    handler: async () => ({
      password: true,
      google: false,
      passkeys: [],
      two_factor: null,
      address_confirmed: true,
    }),
  });

  app.post("/me/proof", {
    schema: {
      tags,
      summary: "Prove that it is me",
      description: "With the password. A script proves it with a newer access token instead.",
      body: passwordOnly,
      response: { 204: deleted, ...problemResponses(401, 403, 422, 429) },
    },
    onRequest: limitTo(app, "password-check"),
    preHandler: signedIn,
    handler: async (request, reply) => {
      const { caller, body } = request;
      const before = cookie.read(request.headers.cookie);
      const session = await auth.signIn(caller.email, body.password);
      const token = await tokenOf(session, readToken);
      if (!before || !(await identities.find(token))) {
        await auth.signOut(session.access_token);
        throw new Refusal("proof_required");
      }
      keepLogin(reply, signingIn, token, session);
      // The login that was open takes the new one's place.
      await auth.signOut((await auth.refresh(before.refreshToken)).access_token);
      identities.end(before.loginId);
      return reply.status(204).send(null);
    },
  });
}
