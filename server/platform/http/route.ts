import type {
  FastifyBaseLogger,
  FastifyInstance,
  RawReplyDefaultExpression,
  RawRequestDefaultExpression,
  RawServerDefault,
} from "fastify";
import type { ZodTypeProvider } from "fastify-type-provider-zod";
import { problem } from "#contract/problem.ts";
import type { EpochMs } from "#scheduling/units.ts";
import type { Database } from "../database/database.ts";

/** An app whose routes derive their types from zod schemas. */
export type TypedApp = FastifyInstance<
  RawServerDefault,
  RawRequestDefaultExpression,
  RawReplyDefaultExpression,
  FastifyBaseLogger,
  ZodTypeProvider
>;

/** What the routes and commands of every noun are given. */
export interface Dependencies {
  database: Database;
  /** Epoch ms. */
  now: () => EpochMs;
}

/** The error responses of a route, for its schema and the OpenAPI document. */
export function problemResponses<Status extends number>(
  ...statuses: Status[]
): Record<Status, typeof problem> {
  return Object.fromEntries(statuses.map((status) => [status, problem])) as Record<Status, typeof problem>;
}
