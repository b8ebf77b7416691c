import {
  saveStudentNote,
  student,
  studentNote,
  studentPage,
  studentParams,
  studentQuery,
} from "#contract/students.ts";
import { Refusal } from "../platform/errors.ts";
import { signedIn } from "../platform/http/authority.ts";
import { type Dependencies, problemResponses, type TypedApp } from "../platform/http/route.ts";
import { saveNote } from "./commands.ts";
import { findStudent, listStudents, readNote } from "./queries.ts";

const tags = ["Students"];

/** A mentor's own view of their students. */
export async function studentRoutes(app: TypedApp, { database }: Dependencies): Promise<void> {
  app.get("/mentors/me/students", {
    schema: {
      tags,
      summary: "List my students, by their next sessions",
      querystring: studentQuery,
      response: { 200: studentPage, ...problemResponses(401, 422) },
    },
    preHandler: signedIn,
    handler: async (request) => {
      const { caller } = request;
      return database.asUser(caller.id, (tx) => listStudents(tx, caller.id, request.query));
    },
  });

  app.get("/mentors/me/students/:student_id", {
    schema: {
      tags,
      summary: "Get a student",
      params: studentParams,
      response: { 200: student, ...problemResponses(401, 404) },
    },
    preHandler: signedIn,
    handler: async (request) => {
      const { caller } = request;
      const { student_id } = request.params;
      const found = await database.asUser(caller.id, (tx) => findStudent(tx, caller.id, student_id));
      if (!found) throw new Refusal("student_not_found");
      return found;
    },
  });

  app.get("/mentors/me/students/:student_id/note", {
    schema: {
      tags,
      summary: "Get my private notes about a student",
      description: "The student never sees them.",
      params: studentParams,
      response: { 200: studentNote, ...problemResponses(401, 404) },
    },
    preHandler: signedIn,
    handler: async (request) => {
      const { caller } = request;
      const { student_id } = request.params;
      return database.asUser(caller.id, async (tx) => {
        if (!(await findStudent(tx, caller.id, student_id))) throw new Refusal("student_not_found");
        return readNote(tx, caller.id, student_id);
      });
    },
  });

  app.put("/mentors/me/students/:student_id/note", {
    schema: {
      tags,
      summary: "Save my private notes about a student",
      description: "Replaces the revision that was seen; rejected if the notes have changed meanwhile.",
      params: studentParams,
      body: saveStudentNote,
      response: { 200: studentNote, ...problemResponses(401, 404, 412, 422) },
    },
    preHandler: signedIn,
    handler: async (request) => saveNote(database, request.caller, request.params.student_id, request.body),
  });
}
