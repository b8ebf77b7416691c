import fp from "fastify-plugin";

/**
 * `/healthz`: the process is alive. `/readyz`: it accepts requests, because the database answers and no stop has begun.
 * Both are answered under any load. After `stopBeingReady()` requests are still served, but every response closes its
 * connection, so that the client's next request goes to another process.
 */
export const readiness = fp<{ ping: () => Promise<void> }>(async (app, { ping }) => {
  let stopping = false;
  app.decorate("stopBeingReady", () => {
    stopping = true;
  });
  app.decorate("isStopping", () => stopping);

  app.addHook("onSend", async (_request, reply) => {
    if (stopping) reply.header("connection", "close");
  });

  const probe = { config: { load: "always answered" }, schema: { hide: true } } as const;
  app.get("/healthz", probe, async () => ({ status: "ok" }));
  app.get("/readyz", probe, async (_request, reply) => {
    if (stopping) return reply.status(503).send({ status: "stopping" });
    await ping();
    return { status: "ok" };
  });
});

declare module "fastify" {
  interface FastifyInstance {
    /** Makes `/readyz` report that no more requests should be sent here. */
    stopBeingReady(): void;
    isStopping(): boolean;
  }
}
