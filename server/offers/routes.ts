import { mentorParams } from "#contract/mentors.ts";
import {
  coupon,
  couponList,
  couponParams,
  createCoupon,
  createPackage,
  ownPackage,
  ownPackageList,
  packageList,
  packageParams,
  quote,
  quoteRequest,
  quoteTogether,
  quoteTogetherRequest,
  updateCoupon,
  updatePackage,
} from "#contract/offers.ts";
import { deleted } from "#contract/primitives.ts";
import { findMentorId } from "../platform/database/directory.ts";
import { anyone, signedIn } from "../platform/http/authority.ts";
import { problemResponses, type TypedApp } from "../platform/http/route.ts";
import { limitTo } from "../platform/limits/limits.ts";
import { countGuess } from "./countGuess.ts";
import { addCoupon, changeCoupon, listCoupons, removeCoupon } from "./coupons.ts";
import { addPackage, changePackage, listOwnPackages, listPackages, removePackage } from "./packages.ts";
import type { PriceDependencies } from "./priceDependencies.ts";
import { quoteSession, quoteSessions } from "./quote.ts";

/** A mentor's coupons and packages, and what a session costs with them. */
export async function offerRoutes(app: TypedApp, dependencies: PriceDependencies): Promise<void> {
  const { database } = dependencies;
  const tags = ["Offers"];
  const own = limitTo(app, "own");

  app.post("/mentors/:mentor/quote", {
    schema: {
      tags,
      summary: "What a session would cost me, in lines",
      description: "With a coupon or a session of a bought package. Reserves nothing.",
      params: mentorParams,
      body: quoteRequest,
      response: { 200: quote, ...problemResponses(401, 404, 422, 429) },
    },
    onRequest: limitTo(app, "mentor"),
    preHandler: signedIn,
    handler: async (request, reply) => {
      const { caller, params, body } = request;
      await countGuess(app, request, reply, body.coupon_code);
      return quoteSession(dependencies, caller.id, params.mentor, body);
    },
  });

  app.post("/mentors/:mentor/quote/together", {
    schema: {
      tags,
      summary: "What several sessions would cost me together, in lines",
      description:
        "As a basket or a series. A coupon is applied to their sum; each session has its part. Reserves nothing.",
      params: mentorParams,
      body: quoteTogetherRequest,
      response: { 200: quoteTogether, ...problemResponses(401, 404, 422, 429) },
    },
    onRequest: limitTo(app, "mentor"),
    preHandler: signedIn,
    handler: async (request, reply) => {
      const { caller, params, body } = request;
      await countGuess(app, request, reply, body.coupon_code);
      return quoteSessions(dependencies, caller.id, params.mentor, body);
    },
  });

  app.get("/mentors/:mentor/packages", {
    schema: {
      tags,
      summary: "The packages that a mentor offers",
      params: mentorParams,
      response: { 200: packageList, ...problemResponses(404, 429) },
    },
    onRequest: limitTo(app, "mentor"),
    preHandler: anyone,
    handler: async ({ params }) => {
      const mentorId = await findMentorId(database.public, params.mentor);
      return { data: await listPackages(database.publicDb, mentorId, { onOfferOnly: true }) };
    },
  });

  app.get("/mentors/me/coupons", {
    schema: { tags, summary: "List my coupons", response: { 200: couponList, ...problemResponses(401) } },
    preHandler: signedIn,
    handler: async ({ caller }) => ({
      data: await database.asUser(caller.id, (tx) => listCoupons(tx, caller.id)),
    }),
  });

  app.post("/mentors/me/coupons", {
    schema: {
      tags,
      summary: "Add a coupon",
      body: createCoupon,
      response: { 201: coupon, ...problemResponses(401, 403, 409, 422, 429) },
    },
    onRequest: own,
    preHandler: signedIn,
    handler: async ({ caller, body }, reply) =>
      reply.status(201).send(await addCoupon(database, caller.id, body)),
  });

  app.patch("/mentors/me/coupons/:coupon_id", {
    schema: {
      tags,
      summary: "Change a coupon",
      description: "Its code and its discount stay: students have been told of them.",
      params: couponParams,
      body: updateCoupon,
      response: { 200: coupon, ...problemResponses(401, 404, 422, 429) },
    },
    onRequest: own,
    preHandler: signedIn,
    handler: async ({ caller, params, body }) => changeCoupon(database, caller.id, params.coupon_id, body),
  });

  app.delete("/mentors/me/coupons/:coupon_id", {
    schema: {
      tags,
      summary: "Delete a coupon",
      params: couponParams,
      response: { 204: deleted, ...problemResponses(401, 404, 429) },
    },
    onRequest: own,
    preHandler: signedIn,
    handler: async ({ caller, params }, reply) => {
      await removeCoupon(database, caller.id, params.coupon_id);
      return reply.status(204).send(null);
    },
  });

  app.get("/mentors/me/packages", {
    schema: {
      tags,
      summary: "List my packages",
      response: { 200: ownPackageList, ...problemResponses(401) },
    },
    preHandler: signedIn,
    handler: async ({ caller }) => ({
      data: await database.asUser(caller.id, (tx) => listOwnPackages(tx, caller.id)),
    }),
  });

  app.post("/mentors/me/packages", {
    schema: {
      tags,
      summary: "Add a package of sessions",
      body: createPackage,
      response: { 201: ownPackage, ...problemResponses(401, 403, 409, 422, 429) },
    },
    onRequest: own,
    preHandler: signedIn,
    handler: async ({ caller, body }, reply) =>
      reply.status(201).send(await addPackage(database, caller.id, body)),
  });

  app.patch("/mentors/me/packages/:package_id", {
    schema: {
      tags,
      summary: "Change a package",
      description: "For those who buy it from now on.",
      params: packageParams,
      body: updatePackage,
      response: { 200: ownPackage, ...problemResponses(401, 404, 422, 429) },
    },
    onRequest: own,
    preHandler: signedIn,
    handler: async ({ caller, params, body }) => changePackage(database, caller.id, params.package_id, body),
  });

  app.delete("/mentors/me/packages/:package_id", {
    schema: {
      tags,
      summary: "Delete a package",
      description: "Those that were bought can still be used.",
      params: packageParams,
      response: { 204: deleted, ...problemResponses(401, 404, 429) },
    },
    onRequest: own,
    preHandler: signedIn,
    handler: async ({ caller, params }, reply) => {
      await removePackage(database, caller.id, params.package_id);
      return reply.status(204).send(null);
    },
  });
}
