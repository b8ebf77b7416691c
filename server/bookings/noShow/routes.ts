import { booking, bookingParams } from "#contract/bookings.ts";
import { answerNoShow as answerInput, claimNoShow as claimInput } from "#contract/noShow.ts";
import { windowDays, windowHours } from "#rules/windows.ts";
import { signedIn } from "../../platform/http/authority.ts";
import { type Dependencies, problemResponses, type TypedApp } from "../../platform/http/route.ts";
import { answerNoShow, claimNoShow, withdrawNoShow } from "./commands.ts";

const tags = ["Bookings"];

/** Who did not come. Not with a booking's link: an answer counts as its person's own word. */
export async function noShowRoutes(app: TypedApp, dependencies: Dependencies): Promise<void> {
  const path = "/bookings/:booking_id/no-show";

  app.post(path, {
    schema: {
      tags,
      summary: "Say that the other side did not come",
      description:
        `For ${windowDays("noShowReport")} days after the end of a session. The other side has ${windowHours.noShowAnswer} hours to answer; then it stands. While it ` +
        "is open or stands, the session is neither completed nor reviewed.",
      params: bookingParams,
      body: claimInput,
      response: { 200: booking, ...problemResponses(401, 404, 409, 422) },
    },
    preHandler: signedIn,
    handler: async (request) => {
      const { caller } = request;
      return claimNoShow(dependencies, caller, request.params.booking_id, request.body?.reason);
    },
  });

  app.post(`${path}/answer`, {
    schema: {
      tags,
      summary: "Agree that one did not come, or dispute it",
      description: "Disputed, neither word counts: the session took place.",
      params: bookingParams,
      body: answerInput,
      response: { 200: booking, ...problemResponses(401, 403, 404, 409, 422) },
    },
    preHandler: signedIn,
    handler: async (request) => {
      const { caller } = request;
      const { answer, reason } = request.body;
      return answerNoShow(dependencies, caller, request.params.booking_id, answer, reason);
    },
  });

  app.post(`${path}/withdraw`, {
    schema: {
      tags,
      summary: "Take back that the other side did not come",
      params: bookingParams,
      response: { 200: booking, ...problemResponses(401, 403, 404, 409) },
    },
    preHandler: signedIn,
    handler: async (request) => withdrawNoShow(dependencies, request.caller, request.params.booking_id),
  });
}
