import { Readable } from "node:stream";
import type { ReadableStream } from "node:stream/web";
import { z } from "zod";
import { deleteAccount, deletionBegun, deletionPreview } from "#contract/personalData.ts";
import type { SignIn } from "../auth/signIn.ts";
import { signedIn } from "../platform/http/authority.ts";
import { type Dependencies, problemResponses, type TypedApp } from "../platform/http/route.ts";
import { limitTo } from "../platform/limits/limits.ts";
import { ownDataAsCsv } from "./csv.ts";
import { beginDeletion, previewDeletion } from "./deletion.ts";
import { ownDataAsJson } from "./ownData.ts";

const tags = ["Account"];

export async function personalDataRoutes(
  app: TypedApp,
  dependencies: Dependencies & { secret: string; signIn: SignIn },
): Promise<void> {
  const { database, now, signIn } = dependencies;

  app.get("/me/data", {
    schema: {
      tags,
      summary: "Download everything stored about me, as JSON",
      description:
        "A list of rows for each table. Of other people it has what the pages show, such as the name of a session’s mentor, " +
        "and no contact data. Mentors’ private notes about a student are the mentor’s.",
      response: { 200: z.record(z.string(), z.unknown()), ...problemResponses(401, 429) },
    },
    onRequest: limitTo(app, "own-data"),
    preHandler: signedIn,
    handler: async (request, reply) =>
      reply
        .type("application/json; charset=utf-8")
        .header("content-disposition", 'attachment; filename="matepeak-data.json"')
        .send(Readable.from(ownDataAsJson(database, request.caller, now())) as never),
  });

  app.get("/me/data.zip", {
    schema: {
      tags,
      summary: "Download everything stored about me, as CSV files in a ZIP archive",
      produces: ["application/zip"],
      response: { 200: z.unknown().describe("A ZIP archive."), ...problemResponses(401, 429) },
    },
    onRequest: limitTo(app, "own-data"),
    preHandler: signedIn,
    handler: async (request, reply) =>
      reply
        .type("application/zip")
        .header("content-disposition", 'attachment; filename="matepeak-data.zip"')
        .send(Readable.fromWeb(ownDataAsCsv(database, request.caller, now()) as ReadableStream)),
  });

  app.get("/me/deletion", {
    schema: {
      tags,
      summary: "See what deleting my account would do",
      response: { 200: deletionPreview, ...problemResponses(401) },
    },
    preHandler: signedIn,
    handler: async (request) => previewDeletion(database, request.caller),
  });

  app.post("/me/delete", {
    // Waits in the queue for password hashing, which says nothing about the rest of the app.
    config: { load: "stays open" },
    schema: {
      tags,
      summary: "Delete my account for good",
      description:
        "Cancels everything upcoming, ends all logins and erases the person. What the other side of a session keeps shows " +
        "“deleted person” instead of the name.",
      body: deleteAccount,
      response: { 202: deletionBegun, ...problemResponses(401, 403, 422, 429) },
    },
    onRequest: limitTo(app, "password-check"),
    preHandler: signedIn,
    handler: async (request, reply) => {
      await signIn.requireProof(request.caller, request.body.password);
      await beginDeletion(dependencies, request.caller);
      signIn.identities.forget();
      return reply.status(202).send({ deleting: true });
    },
  });
}
