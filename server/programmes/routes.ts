import { seatsChanged } from "#contract/groupSessions.ts";
import { mentorParams } from "#contract/mentors.ts";
import {
  cancelProgramme as cancelContract,
  createProgramme as createContract,
  programme,
  programmeList,
  programmeParams,
  programmeRoster,
  updateProgramme as updateContract,
} from "#contract/programmes.ts";
import { findMentorId } from "../platform/database/directory.ts";
import { Refusal } from "../platform/errors.ts";
import { anyone, signedIn } from "../platform/http/authority.ts";
import { type Dependencies, problemResponses, type TypedApp } from "../platform/http/route.ts";
import { limitTo } from "../platform/limits/limits.ts";
import { cancelProgramme, changeProgramme, createProgramme } from "./commands.ts";
import { findProgramme, listOwnProgrammes, listProgrammes, readProgrammeRoster } from "./queries.ts";

const tags = ["Programmes"];
const ofMentor = mentorParams.extend(programmeParams.shape);

/** Group sessions that are booked as one, by `POST /series`. */
export async function programmeRoutes(app: TypedApp, dependencies: Dependencies): Promise<void> {
  const { database } = dependencies;

  app.get("/mentors/:mentor/programmes", {
    schema: {
      tags,
      summary: "The programmes of a mentor that can be booked",
      params: mentorParams,
      response: { 200: programmeList, ...problemResponses(404, 429) },
    },
    onRequest: limitTo(app, "mentor"),
    preHandler: anyone,
    handler: async ({ params }) => ({ data: await listProgrammes(database.public, params.mentor) }),
  });

  app.get("/mentors/:mentor/programmes/:programme_id", {
    schema: {
      tags,
      summary: "One programme, also after it was cancelled",
      params: ofMentor,
      response: { 200: programme, ...problemResponses(404, 429) },
    },
    onRequest: limitTo(app, "mentor"),
    preHandler: anyone,
    handler: async ({ params }) => {
      const found = await findProgramme(database.public, params.mentor, params.programme_id);
      if (found) return found.programme;
      await findMentorId(database.public, params.mentor);
      throw new Refusal("programme_not_found");
    },
  });

  app.get("/mentors/me/programmes", {
    schema: {
      tags,
      summary: "My programmes, the latest first",
      response: { 200: programmeList, ...problemResponses(401) },
    },
    preHandler: signedIn,
    handler: async ({ caller }) => ({
      data: await database.asUser(caller.id, (tx) => listOwnProgrammes(tx.last, caller.id)),
    }),
  });

  app.post("/mentors/me/programmes", {
    schema: {
      tags,
      summary: "Schedule a programme with all of its sessions",
      description:
        "All of them or none: `taken_starts` names the times at which another session is in the way. A single session is moved or cancelled as any group session.",
      body: createContract,
      response: { 201: programme, ...problemResponses(401, 403, 409, 422, 429) },
    },
    onRequest: limitTo(app, "own"),
    preHandler: signedIn,
    handler: async ({ caller, body }, reply) =>
      reply.status(201).send(await createProgramme(dependencies, caller, body)),
  });

  app.patch("/mentors/me/programmes/:programme_id", {
    schema: {
      tags,
      summary: "Change the words or the seats of a programme",
      params: programmeParams,
      body: updateContract,
      response: { 200: programme, ...problemResponses(401, 403, 404, 409, 422) },
    },
    preHandler: signedIn,
    handler: async ({ caller, params, body }) =>
      changeProgramme(dependencies, caller, params.programme_id, body),
  });

  app.post("/mentors/me/programmes/:programme_id/cancel", {
    schema: {
      tags,
      summary: "Cancel what is to come of it for everyone; what they paid for that goes back",
      params: programmeParams,
      body: cancelContract,
      response: { 200: seatsChanged, ...problemResponses(401, 404, 409, 422) },
    },
    preHandler: signedIn,
    handler: async ({ caller, params, body }) => ({
      seats: await cancelProgramme(dependencies, caller, params.programme_id, body.reason),
    }),
  });

  app.get("/mentors/me/programmes/:programme_id/roster", {
    schema: {
      tags,
      summary: "Who attends which session of my programme",
      params: programmeParams,
      response: { 200: programmeRoster, ...problemResponses(401, 404) },
    },
    preHandler: signedIn,
    handler: async ({ caller, params }) => {
      const found = await database.asUser(caller.id, (tx) =>
        readProgrammeRoster(tx, caller.id, params.programme_id),
      );
      if (!found) throw new Refusal("programme_not_found");
      return found;
    },
  });
}
