import fp from "fastify-plugin";

/**
 * `/healthz`: the process lives. `/readyz`: it wants requests: the database answers and nobody has told it to stop. Both
 * are answered under any load. From `stopBeingReady()` on every answer also ends its connection, so that the client's
 * next one goes to another process; requests are served as ever.
 */
export const readiness = fp<{ ping: () => Promise<void> }>(async (app, { ping }) => {
  let stopping = false;
  app.decorate("stopBeingReady", () => {
    stopping = true;
  });

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
    /** Says at `/readyz` that no more requests should come here. */
    stopBeingReady(): void;
  }
}
