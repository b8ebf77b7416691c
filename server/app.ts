import compress from "@fastify/compress";
import cookie from "@fastify/cookie";
import Fastify, { type FastifyInstance, type FastifyServerOptions } from "fastify";
import { serializerCompiler, validatorCompiler } from "fastify-type-provider-zod";
import type { EpochMs } from "#scheduling/units.ts";
import { requestRefusals } from "#words/refusals.ts";
import { administrationRoutes } from "./administration/routes.ts";
import { alertRoutes } from "./alerts/routes.ts";
import { chooseSignIn, type SignInOptions } from "./auth/chooseSignIn.ts";
import { basketRoutes } from "./baskets/routes.ts";
import { openJudging } from "./bookings/atRevision.ts";
import { bookingLinks } from "./bookings/bookingLink.ts";
import { openBooker } from "./bookings/bookJudged.ts";
import type { Collecting } from "./bookings/collecting.ts";
import { noShowRoutes } from "./bookings/noShow/routes.ts";
import { bookingRoutes } from "./bookings/routes.ts";
import { calendarRoutes } from "./calendar/routes.ts";
import { type Connecting, openConnecting } from "./calendarConnections/connectionKinds.ts";
import { calendarPushRoutes } from "./calendarConnections/pushRoutes.ts";
import { calendarConnectionRoutes } from "./calendarConnections/routes.ts";
import { openSignIn } from "./calendarConnections/signIn.ts";
import { calendarSignInRoutes } from "./calendarConnections/signInRoutes.ts";
import { feedFile } from "./calendarFeed/feedFile.ts";
import { calendarFeedRoutes } from "./calendarFeed/routes.ts";
import { documentRoutes } from "./documents/routes.ts";
import { favouriteRoutes } from "./favourites/routes.ts";
import { groupSessionRoutes } from "./groupSessions/routes.ts";
import { ownHoursRoutes } from "./hours/ownHoursRoutes.ts";
import { hoursRoutes } from "./hours/routes.ts";
import { liveRoutes } from "./live/routes.ts";
import { mailboxRoutes } from "./mail/mailboxRoutes.ts";
import { openGoogleMeet } from "./meetings/googleMeet.ts";
import { openMeetings } from "./meetings/makers.ts";
import { meetingRoutes } from "./meetings/routes.ts";
import { redirectRenamed } from "./mentors/formerUsernames.ts";
import { mentorRoutes } from "./mentors/routes.ts";
import { notificationRoutes } from "./notifications/routes.ts";
import { unsubscribeRoutes } from "./notifications/unsubscribeRoutes.ts";
import { offerRoutes } from "./offers/routes.ts";
import { onboardingRoutes } from "./onboarding/routes.ts";
import { openFirstTimes } from "./pages/firstTimes.ts";
import { openPageHeads } from "./pages/pageHeads.ts";
import type { PaymentProvider } from "./payments/provider.ts";
import { purchaseRoutes } from "./payments/purchaseRoutes.ts";
import { paymentRoutes } from "./payments/routes.ts";
import { sandboxRoutes } from "./payments/sandbox/routes.ts";
import { adminPayoutRoutes } from "./payouts/adminRoutes.ts";
import { payoutRoutes } from "./payouts/routes.ts";
import { personalDataRoutes } from "./personalData/routes.ts";
import { systemClock } from "./platform/clock.ts";
import { type Config, defaultMaxInFlight } from "./platform/config.ts";
import type { Database } from "./platform/database/database.ts";
import { Refusal } from "./platform/errors.ts";
import { admission } from "./platform/http/admission.ts";
import { authorities } from "./platform/http/authority.ts";
import { caller } from "./platform/http/caller.ts";
import { type ClientLimits, usualClientLimits } from "./platform/http/clientLimits.ts";
import { documentation } from "./platform/http/documentation.ts";
import { ownHosts } from "./platform/http/ownHosts.ts";
import { problems, unreadableRequests } from "./platform/http/problems.ts";
import { readiness } from "./platform/http/readiness.ts";
import { readyResponses } from "./platform/http/readyResponses.ts";
import { RequestLines, requestIdOf, requestIds } from "./platform/http/requestLog.ts";
import type { TypedApp } from "./platform/http/route.ts";
import { securityHeaders } from "./platform/http/securityHeaders.ts";
import { slowReaders } from "./platform/http/slowReaders.ts";
import { unfinishedBodies } from "./platform/http/unfinishedBodies.ts";
import { webApp } from "./platform/http/webApp.ts";
import { limits } from "./platform/limits/limits.ts";
import { openOrigins } from "./platform/limits/origin.ts";
import { openFeed } from "./platform/live/feed.ts";
import { type Metrics, openMetrics } from "./platform/metrics/metrics.ts";
import { metricsPlugin } from "./platform/metrics/plugin.ts";
import { programmeRoutes } from "./programmes/routes.ts";
import { reconciliationRoutes } from "./reconciliation/routes.ts";
import { reviewRoutes } from "./reviews/routes.ts";
import { seriesRoutes } from "./series/routes.ts";
import { serviceRoutes } from "./services/routes.ts";
import { sessionEntryRoutes } from "./sessionEntries/routes.ts";
import { type LiveRevisionOptions, openLiveRevisions } from "./slots/liveRevisions.ts";
import { slotRoutes } from "./slots/routes.ts";
import { createSlotCache } from "./slots/slotCache.ts";
import { studentRoutes } from "./students/routes.ts";
import { timeRequestRoutes } from "./timeRequests/routes.ts";
import { timeZoneRoutes } from "./timeZones/routes.ts";
import { waitlistRoutes } from "./waitlist/routes.ts";

export interface AppOptions {
  config: Pick<Config, "publicUrl" | "rateLimit" | "trustProxy" | "authSecret"> &
    Partial<
      Pick<Config, "maxInFlight" | "devMail" | "meetings"> &
        Pick<Config, "metricsToken" | "google" | "supabase">
    >;
  database: Database;
  logger?: FastifyServerOptions["logger"];
  /** Epoch ms; tests stop the clock with it. */
  now?: () => EpochMs;
  metrics?: Metrics;
  /** While many requests have been in flight for longer than this, new ones are rejected. */
  maxRequestAgeMs?: number;
  clientLimits?: Partial<ClientLimits>;
  /** How cached free times are kept current; the defaults if left out. */
  liveRevisions?: LiveRevisionOptions;
  /** How passwords are hashed; as the accounts library does if left out. */
  passwords?: SignInOptions["passwords"];
  /** How students pay; if left out, prices are only shown. */
  payments?: PaymentOptions | undefined;
  /** How calendars elsewhere are read; by the configuration if left out. */
  connecting?: Connecting;
  /** Where Google is; Google itself if left out. */
  googleEndpoints?: SignInOptions["googleEndpoints"];
}

interface PaymentOptions extends Collecting {
  provider: PaymentProvider;
}

/** 1 MiB, twenty times the longest text that the API accepts. */
const bodyLimit = 1_048_576;

/** Builds the whole HTTP app. It does not listen. */
export async function buildApp({
  config,
  database,
  logger = false,
  now = systemClock,
  metrics = openMetrics(),
  maxRequestAgeMs = 2_000,
  clientLimits,
  liveRevisions,
  passwords,
  googleEndpoints,
  payments,
  connecting = openConnecting(config),
}: AppOptions): Promise<TypedApp> {
  const https = config.publicUrl.startsWith("https:");
  const clientBounds = { ...usualClientLimits, ...clientLimits };
  const app = Fastify({
    logger,
    bodyLimit,
    trustProxy: trustOf(config.trustProxy),
    // For what no hook sees: a head that never arrives, a body whose response was sent before it was read.
    requestTimeout: clientBounds.headTime + clientBounds.bodyTime,
    connectionTimeout: clientBounds.stallTime,
    http: {
      headersTimeout: clientBounds.headTime,
      connectionsCheckingInterval: clientBounds.sweepEvery,
      requireHostHeader: false,
    },
    genReqId: (request) => requestIdOf(request.headers),
    logController: new RequestLines(),
    forceCloseConnections: "idle",
    // Open connections are served to the end; see platform/http/readiness.ts.
    return503OnClosing: false,
    routerOptions: { ignoreTrailingSlash: true },
    ...unreadableRequests(https),
  });
  // RFC 9110, 10.1.1: a server may ignore an Expect header that it does not know.
  app.server.on("checkExpectation", (request, response) => app.routing(request, response));
  app.setValidatorCompiler(validatorCompiler);
  app.setSerializerCompiler(serializerCompiler);
  const feed = openFeed(database, app.log);
  const signIn = chooseSignIn({ config, database, feed, now, passwords, googleEndpoints });
  const { identities } = signIn;

  await app.register(requestIds);
  await app.register(problems);
  const { maxInFlight = defaultMaxInFlight, metricsToken: token } = config;
  const onRejected = () => metrics.refused.inc();
  await app.register(securityHeaders, { https });
  await app.register(ownHosts, { publicUrl: config.publicUrl });
  await app.register(unfinishedBodies, { limits: clientBounds });
  await app.register(slowReaders, { limits: clientBounds });
  await app.register(admission, { maxInFlight, maxAgeMs: maxRequestAgeMs, onRejected });
  await app.register(metricsPlugin, { metrics, database, token });
  // No client needs to send compressed requests, and a small one may unpack to a huge one.
  await app.register(compress, {
    threshold: 1024,
    encodings: ["gzip", "identity"],
    globalDecompression: false,
  });
  await app.register(cookie);
  await app.register(caller, { identities, publicUrl: config.publicUrl });
  await app.register(authorities);
  await app.register(limits, { enabled: config.rateLimit, executor: database.counting });
  await app.register(documentation, { publicUrl: config.publicUrl, cookieName: signIn.cookieName });

  app.addHook("onSend", async (request, reply) => {
    if (request.url.startsWith("/api/") && !reply.hasHeader("cache-control"))
      reply.header("cache-control", "no-store");
  });
  acceptOnlyJson(app as FastifyInstance);

  await app.register(readiness, { ping: () => database.ping() });
  await app.register(readyResponses, { https, metrics });
  await app.register(signIn.authRoutes, { prefix: "/api/auth" });
  const live = openLiveRevisions(database, feed, liveRevisions);
  app.addHook("preClose", live.close);
  const slots = createSlotCache(database, now, live);
  await app.register(
    async (api) => {
      const routes = api as TypedApp;
      const links = bookingLinks(config.authSecret);
      const originOf = openOrigins(config.authSecret, config.rateLimit);
      const dependencies = { database, now, metrics, publicUrl: config.publicUrl, links, originOf };
      redirectRenamed(routes, dependencies);
      await signIn.accountRoutes(routes, dependencies);
      await personalDataRoutes(routes, { ...dependencies, secret: config.authSecret, signIn });
      await administrationRoutes(routes, { ...dependencies, secret: config.authSecret, identities });
      await mentorRoutes(routes, dependencies);
      await onboardingRoutes(routes, dependencies);
      await serviceRoutes(routes, {
        ...dependencies,
        feeBasisPoints: payments?.collecting?.feeBasisPoints ?? null,
      });
      await hoursRoutes(routes, dependencies);
      await ownHoursRoutes(routes, dependencies);
      await slotRoutes(routes, { ...dependencies, slots });
      await timeZoneRoutes(routes, dependencies);
      const judging = openJudging(dependencies);
      const booker = openBooker({ ...dependencies, collecting: payments?.collecting ?? null }, judging);
      await bookingRoutes(routes, { ...dependencies, judging, booker });
      await offerRoutes(routes, { ...dependencies, collects: Boolean(payments?.collecting) });
      await purchaseRoutes(routes, { ...dependencies, provider: payments?.provider ?? null });
      await paymentRoutes(routes, { ...dependencies, provider: payments?.provider ?? null });
      const paying = {
        ...dependencies,
        secret: config.authSecret,
        provider: payments?.provider ?? null,
        signIn,
      };
      await payoutRoutes(routes, paying);
      await adminPayoutRoutes(routes, paying);
      await reconciliationRoutes(routes, paying);
      await calendarRoutes(routes, dependencies);
      await calendarFeedRoutes(routes, dependencies);
      await calendarConnectionRoutes(routes, { ...dependencies, connecting });
      await calendarSignInRoutes(routes, {
        signIn: openSignIn(
          { ...dependencies, ...connecting },
          { secret: config.authSecret, publicUrl: config.publicUrl },
        ),
        https,
      });
      await calendarPushRoutes(routes, dependencies);
      await sessionEntryRoutes(routes, { ...dependencies, judging });
      await documentRoutes(routes, dependencies);
      await studentRoutes(routes, dependencies);
      await noShowRoutes(routes, dependencies);
      await reviewRoutes(routes, dependencies);
      await meetingRoutes(routes, {
        ...dependencies,
        makers: openMeetings(
          config.meetings,
          config.authSecret,
          undefined,
          openGoogleMeet(database, connecting),
        ).makers,
        zoomSecret: config.meetings?.zoom?.webhookSecret,
      });
      await favouriteRoutes(routes, dependencies);
      await groupSessionRoutes(routes, dependencies);
      await programmeRoutes(routes, dependencies);
      const together = { ...dependencies, collects: Boolean(payments?.collecting) };
      await basketRoutes(routes, together);
      await seriesRoutes(routes, together);
      await waitlistRoutes(routes, { ...dependencies, originOf, secret: config.authSecret });
      await timeRequestRoutes(routes, dependencies);
      await alertRoutes(routes, dependencies);
      await notificationRoutes(routes, dependencies);
      await liveRoutes(routes, { ...dependencies, identities, feed });
    },
    { prefix: "/api/v1" },
  );
  feedFile(app as TypedApp, { database, now, publicUrl: config.publicUrl });
  await app.register(async (scope) =>
    unsubscribeRoutes(scope as TypedApp, { database, secret: config.authSecret }),
  );
  await app.register(async (scope) =>
    sandboxRoutes(scope as TypedApp, { provider: payments?.provider ?? null }),
  );
  await mailboxRoutes(app as TypedApp, { database, enabled: config.devMail ?? false });
  const provider = payments?.provider.name;
  await app.register(webApp, {
    scriptedProvider: provider === undefined || provider === "sandbox" ? null : provider,
    firstTimes: openFirstTimes({ database, slots, now }),
    heads: openPageHeads({ database, publicUrl: config.publicUrl }),
    https,
  });
  return app as TypedApp;
}

/**
 * Which proxies are trusted to say what the client's address is. A hop count becomes a function, because Fastify treats a
 * bare number as no proxy. A hop count is only safe if the app cannot be reached past the proxies; see the README.
 */
function trustOf(trustProxy: Config["trustProxy"]): FastifyServerOptions["trustProxy"] {
  return typeof trustProxy === "number" ? (_address, hop) => hop < trustProxy : trustProxy;
}

/** Accepts only JSON. A POST without a body (confirm, cancel) may still declare application/json. */
function acceptOnlyJson(app: FastifyInstance): void {
  app.removeContentTypeParser("text/plain");
  const parse = app.getDefaultJsonParser("error", "error");
  // Invalid UTF-8 is rejected: a lenient decoder would store U+FFFD in its place.
  const utf8 = new TextDecoder("utf-8", { fatal: true });
  app.addContentTypeParser("application/json", { parseAs: "buffer" }, (request, body, done) => {
    if (body.length === 0) return done(null, undefined);
    let text: string;
    try {
      text = utf8.decode(body as Buffer);
    } catch {
      return done(new Refusal("malformed_request", { detail: requestRefusals.encoding }), undefined);
    }
    return parse(request, text, done);
  });
}
