import { booking, bookingParams } from "#contract/bookings.ts";
import { answerNoShow as answerInput, claimNoShow as claimInput } from "#contract/noShow.ts";
import { windowDays, windowHours } from "#rules/windows.ts";
import { signedIn } from "../../platform/http/authority.ts";
import { type Dependencies, problemResponses, type TypedApp } from "../../platform/http/route.ts";
import { answerNoShow, claimNoShow, withdrawNoShow } from "./commands.ts";

const tags = ["Bookings"];

/** No-show reports. Not with a booking's link, because a reply counts as the person's own statement. */
export async function noShowRoutes(app: TypedApp, dependencies: Dependencies): Promise<void> {
  const path = "/bookings/:booking_id/no-show";

  app.post(path, {
    schema: {
      tags,
      summary: "Report the other side as a no-show",
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
      summary: "Confirm or dispute a no-show report",
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
      summary: "Withdraw a no-show report",
      params: bookingParams,
      response: { 200: booking, ...problemResponses(401, 403, 404, 409) },
    },
    preHandler: signedIn,
    handler: async (request) => withdrawNoShow(dependencies, request.caller, request.params.booking_id),
  });
}
