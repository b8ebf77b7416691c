import fp from "fastify-plugin";
import helmet from "helmet";

const contentSecurityPolicy = {
  defaultSrc: ["'self'"],
  scriptSrc: ["'self'"],
  // Positions of pop-ups are style attributes.
  styleSrc: ["'self'", "'unsafe-inline'"],
  imgSrc: ["'self'", "data:"],
  connectSrc: ["'self'"],
  objectSrc: ["'none'"],
  frameAncestors: ["'none'"],
  formAction: ["'self'"],
  baseUri: ["'self'"],
  upgradeInsecureRequests: null,
};

/**
 * The headers that tell a browser what no page of ours needs. Made once: the library's plugin for Fastify puts its policy
 * together anew for each request.
 */
export const securityHeaders = fp<{ https: boolean }>(async (app, { https }) => {
  const protect = helmet({
    contentSecurityPolicy: { directives: contentSecurityPolicy },
    strictTransportSecurity: https,
  });
  app.addHook("onRequest", (request, reply, done) => {
    protect(request.raw, reply.raw, (error) => done(error as Error | undefined));
  });
});
