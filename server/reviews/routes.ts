import { bookingParams } from "#contract/bookings.ts";
import { ifMatchHeaders } from "#contract/hours.ts";
import { mentorParams } from "#contract/mentors.ts";
import { deleted } from "#contract/primitives.ts";
import {
  bookingReview,
  bookingReviewAnswer,
  changeReview,
  reviewPage,
  reviewParams,
  reviewQuery,
  writeReply,
  writeReview,
} from "#contract/reviews.ts";
import { windowDays } from "#rules/windows.ts";
import { findMentorId } from "../platform/database/directory.ts";
import { anyone, signedIn } from "../platform/http/authority.ts";
import { etagOf } from "../platform/http/etag.ts";
import { type Dependencies, problemResponses, type TypedApp } from "../platform/http/route.ts";
import { visitorRead } from "../platform/http/visitorRead.ts";
import { limitTo } from "../platform/limits/limits.ts";
import {
  createReview,
  deleteReply,
  deleteReview,
  readBookingReview,
  saveReply,
  updateReview,
} from "./commands.ts";
import { listReviews } from "./queries.ts";

const tags = ["Reviews"];

export async function reviewRoutes(app: TypedApp, { database }: Dependencies): Promise<void> {
  app.get("/mentors/:mentor/reviews", {
    schema: {
      tags,
      summary: "List a mentor's reviews, newest first",
      params: mentorParams,
      querystring: reviewQuery,
      response: { 200: reviewPage, ...problemResponses(404, 422, 429) },
    },
    onRequest: limitTo(app, "reviews"),
    preHandler: anyone,
    handler: async (request) =>
      visitorRead(database, request, async (reads) => {
        const mentorId = await findMentorId(reads.public, request.params.mentor);
        return listReviews(reads.public, mentorId, request.query);
      }),
  });

  studentRoutes(app, { database });

  app.put("/reviews/:review_id/reply", {
    schema: {
      tags,
      summary: "Reply to a review, as its mentor",
      params: reviewParams,
      body: writeReply,
      response: { 204: deleted, ...problemResponses(401, 404, 422) },
    },
    preHandler: signedIn,
    handler: async (request, reply) => {
      const { caller } = request;
      await saveReply(database, caller, request.params.review_id, request.body.reply);
      return reply.status(204).send(null);
    },
  });

  app.delete("/reviews/:review_id/reply", {
    schema: {
      tags,
      summary: "Delete my reply",
      params: reviewParams,
      response: { 204: deleted, ...problemResponses(401, 404) },
    },
    preHandler: signedIn,
    handler: async (request, reply) => {
      await deleteReply(database, request.caller, request.params.review_id);
      return reply.status(204).send(null);
    },
  });
}

function studentRoutes(app: TypedApp, { database }: Pick<Dependencies, "database">): void {
  const path = "/bookings/:booking_id/review";

  app.get(path, {
    schema: {
      tags,
      summary: "Get the review of a booking, as its student or its mentor",
      params: bookingParams,
      response: { 200: bookingReviewAnswer, ...problemResponses(401, 404) },
    },
    preHandler: signedIn,
    handler: async (request) => readBookingReview(database, request.caller, request.params.booking_id),
  });

  app.post(path, {
    schema: {
      tags,
      summary: "Review a session that took place, as its student",
      params: bookingParams,
      body: writeReview,
      response: { 201: bookingReview, ...problemResponses(401, 403, 404, 409, 422) },
    },
    preHandler: signedIn,
    handler: async (request, reply) => {
      const { caller } = request;
      const written = await createReview(database, caller, request.params.booking_id, request.body);
      return reply.status(201).send(written);
    },
  });

  app.patch(path, {
    schema: {
      tags,
      summary: `Change my review, for ${windowDays("reviewChange")} days`,
      params: bookingParams,
      headers: ifMatchHeaders,
      body: changeReview,
      response: { 200: bookingReview, ...problemResponses(401, 403, 404, 409, 412, 422) },
    },
    preHandler: signedIn,
    handler: async (request, reply) => {
      const edit = { caller: request.caller, seen: request.headers["if-match"] };
      const review = await updateReview(database, edit, request.params.booking_id, request.body);
      return reply.header("etag", etagOf(review.revision)).send(review);
    },
  });

  app.delete(path, {
    schema: {
      tags,
      summary: "Delete my review",
      params: bookingParams,
      response: { 204: deleted, ...problemResponses(401, 403, 404) },
    },
    preHandler: signedIn,
    handler: async (request, reply) => {
      await deleteReview(database, request.caller, request.params.booking_id);
      return reply.status(204).send(null);
    },
  });
}
