import type { Pool, QueryConfig } from "pg";
import { mentorParams } from "#contract/mentors.ts";
import { slotQuery } from "#contract/slots.ts";
import { epochMs } from "#scheduling/units.ts";
import type { Queryable } from "../../../server/platform/database/database.ts";
import { Refusal, refusalFromDatabase, refuseField, toProblem } from "../../../server/platform/errors.ts";
import { readSlots } from "../../../server/slots/queries.ts";

/** Any site's page may ask: the answer is public. */
const anySite = {
  "access-control-allow-origin": "*",
  "access-control-allow-headers": "authorization, apikey, content-type, x-client-info",
};

/**
 * `GET …/slots?mentor=…` with the parameters and answers of the API's `GET /mentors/{mentor}/slots`.
 * @param report gets what is no refusal
 */
export async function answerSlots(
  request: Request,
  pool: Pool,
  now: number,
  report: (error: unknown) => void = () => undefined,
): Promise<Response> {
  if (request.method === "OPTIONS") return new Response(null, { status: 204, headers: anySite });
  const { mentor, ...given } = Object.fromEntries(new URL(request.url).searchParams);
  try {
    if (request.method !== "GET" && request.method !== "HEAD") throw new Refusal("method_not_allowed");
    const query = parsed(slotQuery, given);
    const answer = await readSlots(
      asVisitor(pool),
      parsed(mentorParams, { mentor }).mentor,
      query,
      epochMs(now),
    );
    return Response.json(answer, { headers: { ...anySite, "cache-control": "no-store" } });
  } catch (error) {
    if (!(error instanceof Refusal)) report(error);
    // An answer of the runtime's own would have no permission for other sites, whose pages could not read it.
    const refusal = error instanceof Refusal ? error : refusalFromDatabase(error);
    const problem = toProblem(refusal ?? new Refusal("internal"));
    return Response.json(problem, {
      status: problem.status,
      headers: { ...anySite, "content-type": "application/problem+json" },
    });
  }
}

/** @throws Refusal `validation_failed` */
function parsed<T>(
  fields: {
    safeParse(
      value: unknown,
    ):
      | { success: true; data: T }
      | { success: false; error: { issues: { path: PropertyKey[]; message: string }[] } };
  },
  given: unknown,
): T {
  const result = fields.safeParse(given);
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  throw refuseField(String(issue?.path[0] ?? ""), issue?.message ?? "");
}

/** The project's login owns the tables: each statement steps down to `anon`, whose policies hide what is private. */
function asVisitor(pool: Pool): Queryable {
  return {
    query: async ({ text, values }: QueryConfig) => {
      const client = await pool.connect();
      try {
        await client.query(
          "begin read only; set local role anon; set local timezone = 'UTC'; set local statement_timeout = '15s'",
        );
        const result = await client.query(text, values);
        await client.query("commit");
        client.release();
        return result;
      } catch (error) {
        client.release(true);
        throw error;
      }
    },
  } as Queryable;
}
