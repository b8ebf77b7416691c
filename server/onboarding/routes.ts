import { mentorSetup, usernameAnswer, usernameParams } from "#contract/onboarding.ts";
import { anyone, signedIn } from "../platform/http/authority.ts";
import { type Dependencies, problemResponses, type TypedApp } from "../platform/http/route.ts";
import { limitTo } from "../platform/limits/limits.ts";
import { checkUsername, readSetup } from "./queries.ts";

/** Setting up a bookable page. */
export async function onboardingRoutes(app: TypedApp, { database, now }: Dependencies): Promise<void> {
  const tags = ["Mentors"];

  app.get("/usernames/:username", {
    schema: {
      tags,
      summary: "Check whether a username is available",
      params: usernameParams,
      response: { 200: usernameAnswer, ...problemResponses(422, 429) },
    },
    // Enough for typing a name, but not for trying a list of names.
    onRequest: limitTo(app, "usernames"),
    preHandler: anyone,
    handler: async (request) =>
      checkUsername(database.public, request.params.username, (await request.identity())?.id ?? null),
  });

  app.get("/mentors/me/setup", {
    schema: {
      tags,
      summary: "Get what my page still needs",
      response: { 200: mentorSetup, ...problemResponses(401, 403) },
    },
    preHandler: signedIn,
    handler: async (request) => {
      const { caller } = request;
      return database.asUser(caller.id, (tx) => readSetup(tx, caller.id, now()));
    },
  });
}
