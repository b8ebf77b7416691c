import { z } from "zod";
import {
  administratorState,
  adminLog,
  adminPageQuery,
  adminPeople,
  adminPerson,
  failedJobs,
  jobParams,
  logQuery,
  mailParams,
  peopleQuery,
  personParams,
  undeliveredMail,
  verification,
  withRequiredReason,
} from "#contract/administration.ts";
import { deleted } from "#contract/primitives.ts";
import { fieldErrors } from "#words/fields.ts";
import { writeAccountMailIn } from "../mail/accountMail.ts";
import { Refusal, refuseField } from "../platform/errors.ts";
import { signedIn } from "../platform/http/authority.ts";
import type { Identities } from "../platform/http/identity.ts";
import { type Dependencies, problemResponses, type TypedApp } from "../platform/http/route.ts";
import { administrators, readState } from "./administrator.ts";
import { callAsAdministrator, pageOf } from "./calls.ts";
import { presentLog, presentPerson, presentRow } from "./present.ts";

const tags = ["Administration"];
const problems = problemResponses(401, 403, 404, 409, 422);

type AdministrationDependencies = Dependencies & { secret: string; identities: Identities };

/** The console's calls. For everyone but administrators they do not exist. */
export async function administrationRoutes(
  app: TypedApp,
  dependencies: AdministrationDependencies,
): Promise<void> {
  const { database } = dependencies;
  const preHandler = administrators(database);

  app.get("/admin", {
    schema: {
      tags,
      summary: "Ask whether I can use the console",
      response: { 200: administratorState, ...problemResponses(401, 404) },
    },
    preHandler: signedIn,
    handler: async ({ caller }) => {
      const state = await readState(database, caller);
      if (state === "none") throw new Refusal("not_found");
      return { state };
    },
  });

  app.get("/admin/log", {
    schema: {
      tags,
      summary: "Read what administrators did",
      querystring: logQuery,
      response: { 200: adminLog, ...problems },
    },
    preHandler,
    handler: async ({ caller, query: { person_id, action, cursor, limit } }) => {
      const { rows } = await database.asSystem("the log is read by a function", caller.id, ({ client }) =>
        client.query({
          name: "read_admin_log",
          text: "select * from private.read_admin_log($1, $2, $3, $4, $5)",
          values: [
            caller.loginId,
            person_id ?? null,
            action ?? null,
            cursorOf(z.coerce.number(), cursor),
            limit + 1,
          ],
        }),
      );
      const { data, next_cursor } = pageOf(rows, limit);
      return { data: data.map(presentLog), next_cursor };
    },
  });

  peopleRoutes(app, dependencies);
  mailRoutes(app, dependencies);
  jobRoutes(app, dependencies);
}

function peopleRoutes(
  app: TypedApp,
  { database, now, secret, identities }: AdministrationDependencies,
): void {
  const preHandler = administrators(database);

  app.get("/admin/people", {
    schema: {
      tags,
      summary: "Search accounts",
      querystring: peopleQuery,
      response: { 200: adminPeople, ...problems },
    },
    preHandler,
    handler: async (request) => {
      const { q = "", cursor, limit } = request.query;
      const rows = await callAsAdministrator(database, request, "admin_people", [
        q,
        cursorOf(z.uuid(), cursor),
        limit + 1,
      ]);
      const { data, next_cursor } = pageOf(rows.map(presentPerson), limit);
      return { data, next_cursor };
    },
  });

  app.get("/admin/people/:person_id", {
    schema: {
      tags,
      summary: "See an account",
      params: personParams,
      response: { 200: adminPerson, ...problems },
    },
    preHandler,
    handler: async (request) => {
      const [person] = await callAsAdministrator(database, request, "admin_person", [
        request.params.person_id,
      ]);
      if (!person) throw new Refusal("person_not_found");
      return presentPerson(person);
    },
  });

  app.post("/admin/people/:person_id/suspend", {
    schema: {
      tags,
      summary: "Suspend an account",
      description:
        "Signs the person out everywhere; they can neither sign in nor book, and a mentor’s page is hidden and not bookable. " +
        "Agreed sessions stay, and so do the links in mails about them. The person gets a mail with the reason.",
      params: personParams,
      body: withRequiredReason,
      response: { 204: deleted, ...problems },
    },
    preHandler,
    handler: async (request, reply) => {
      const { person_id } = request.params;
      const { reason } = request.body;
      await callAsAdministrator<{ suspend_person: string | null }>(
        database,
        request,
        "suspend_person",
        [person_id, reason],
        async (tx, [suspended]) => {
          const to = suspended?.suspend_person;
          if (!to) throw new Refusal("person_not_found");
          await writeAccountMailIn(
            tx,
            { now, secret },
            { kind: "account_suspended", to, userId: person_id, facts: { reason } },
          );
        },
      );
      identities.forget();
      return reply.status(204).send(null);
    },
  });

  app.post("/admin/people/:person_id/lift", {
    schema: {
      tags,
      summary: "Lift a suspension",
      params: personParams,
      body: withRequiredReason,
      response: { 204: deleted, ...problems },
    },
    preHandler,
    handler: async (request, reply) => {
      await callAsAdministrator(database, request, "lift_suspension", [
        request.params.person_id,
        request.body.reason,
      ]);
      return reply.status(204).send(null);
    },
  });

  app.put("/admin/people/:person_id/verified", {
    schema: {
      tags,
      summary: "Verify a mentor, or take that back",
      params: personParams,
      body: verification,
      response: { 204: deleted, ...problems },
    },
    preHandler,
    handler: async (request, reply) => {
      const { person_id } = request.params;
      const values = [person_id, request.body.verified];
      await callAsAdministrator(
        database,
        request,
        "verify_mentor",
        values,
        found("verify_mentor", "person_not_found"),
      );
      return reply.status(204).send(null);
    },
  });
}

function mailRoutes(app: TypedApp, { database }: AdministrationDependencies): void {
  const preHandler = administrators(database);

  app.get("/admin/undelivered-mail", {
    schema: {
      tags,
      summary: "List mails that could not be delivered",
      querystring: adminPageQuery,
      response: { 200: undeliveredMail, ...problems },
    },
    preHandler,
    handler: async (request) => {
      const { cursor, limit } = request.query;
      const rows = await callAsAdministrator(database, request, "undelivered_mail", [
        cursorOf(z.uuid(), cursor),
        limit + 1,
      ]);
      const { data, next_cursor } = pageOf(rows.map(presentRow), limit);
      return { data, next_cursor } as z.infer<typeof undeliveredMail>;
    },
  });

  app.post("/admin/undelivered-mail/:mail_id/send", {
    schema: {
      tags,
      summary: "Send a mail again",
      params: mailParams,
      response: { 204: deleted, ...problems },
    },
    preHandler,
    handler: async (request, reply) => {
      await callAsAdministrator<{ send_undelivered_mail: boolean }>(
        database,
        request,
        "send_undelivered_mail",
        [request.params.mail_id],
        found("send_undelivered_mail"),
      );
      return reply.status(204).send(null);
    },
  });
}

function jobRoutes(app: TypedApp, { database }: AdministrationDependencies): void {
  const preHandler = administrators(database);

  app.get("/admin/failed-jobs", {
    schema: {
      tags,
      summary: "List background jobs that failed",
      querystring: adminPageQuery,
      response: { 200: failedJobs, ...problems },
    },
    preHandler,
    handler: async (request) => {
      const { cursor, limit } = request.query;
      const rows = await callAsAdministrator(database, request, "failed_jobs", [
        cursorOf(z.coerce.number(), cursor),
        limit + 1,
      ]);
      const { data, next_cursor } = pageOf(rows.map(presentRow), limit);
      return { data, next_cursor } as z.infer<typeof failedJobs>;
    },
  });

  const actions = [
    { path: "run", name: "run_job_again", summary: "Run a failed job now" },
    { path: "give-up", name: "give_up_job", summary: "Give up a failed job" },
  ] as const;
  for (const { path, name, summary } of actions) {
    app.post(`/admin/failed-jobs/:job_id/${path}`, {
      schema: { tags, summary, params: jobParams, response: { 204: deleted, ...problems } },
      preHandler,
      handler: async (request, reply) => {
        await callAsAdministrator(database, request, name, [request.params.job_id], found(name));
        return reply.status(204).send(null);
      },
    });
  }
}

/** What was not found is not recorded as done: the transaction ends. */
function found(column: string, otherwise: "not_found" | "person_not_found" = "not_found") {
  return async (_tx: unknown, [row]: Record<string, unknown>[]): Promise<void> => {
    if (row?.[column] !== true) throw new Refusal(otherwise);
  };
}

/** The cursor of a page is the last row's id. */
function cursorOf<T>(form: z.ZodType<T>, cursor: string | undefined): T | null {
  if (cursor === undefined) return null;
  const { data, success } = form.safeParse(cursor);
  if (!success) throw refuseField("cursor", fieldErrors.cursor);
  return data;
}
