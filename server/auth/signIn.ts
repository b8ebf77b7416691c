import type { FastifyPluginAsync, FastifyRequest } from "fastify";
import type { Identities, Identity } from "../platform/http/identity.ts";
import type { Dependencies, TypedApp } from "../platform/http/route.ts";

type Check = (request: FastifyRequest) => Promise<void>;

/** How people sign in. Outside this folder no code knows whether it is our accounts library or Supabase Auth. */
export interface SignIn {
  identities: Identities;
  /** Of the cookie that signs a browser in, without the prefix that it has over HTTPS. */
  cookieName: string;
  /**
   * Before what cannot be undone: checks that a signed-in person is still the one in front of the device.
   * @throws Refusal `validation_failed` if the password is wrong or missing, `proof_required`
   */
  requireProof(caller: Identity, password: string | undefined): Promise<void>;
  /** A preHandler: the person must have signed in, or proved again who they are, shortly before. @throws Refusal `proof_required` */
  freshProof: Check;
  /** A preHandler. @throws Refusal `address_not_confirmed` */
  confirmedAddress: Check;
  /** Below /api/auth. */
  authRoutes: FastifyPluginAsync;
  /** Below /api/v1: the account, and how it is signed in to. */
  accountRoutes(app: TypedApp, dependencies: Dependencies): Promise<void>;
}
