import type {
  FastifyBaseLogger,
  FastifyInstance,
  RawReplyDefaultExpression,
  RawRequestDefaultExpression,
  RawServerDefault,
} from "fastify";
import type { ZodTypeProvider } from "fastify-type-provider-zod";
import { problem } from "#contract/problem.ts";
import type { Database } from "../database/database.ts";

/** An app whose routes take their types from their zod schemas. */
export type TypedApp = FastifyInstance<
  RawServerDefault,
  RawRequestDefaultExpression,
  RawReplyDefaultExpression,
  FastifyBaseLogger,
  ZodTypeProvider
>;

/** What every domain's routes are given. */
export interface Services {
  database: Database;
  /** Epoch ms. */
  now: () => number;
}

/** The error answers of a route, for its schema and the OpenAPI document. */
export function problemAnswers<Status extends number>(...statuses: Status[]): Record<Status, typeof problem> {
  return Object.fromEntries(statuses.map((status) => [status, problem])) as Record<Status, typeof problem>;
}
