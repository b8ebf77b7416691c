import type { Socket } from "node:net";
import fp from "fastify-plugin";
import type { ClientLimits } from "./clientLimits.ts";

/**
 * Closes connections whose clients read too slowly, because unread responses occupy memory. The time allowed is in
 * proportion to the data sent. Clients that read nothing at all are closed by the server's own timeout.
 */
export const slowReaders = fp<{ limits: Pick<ClientLimits, "readGrace" | "slowestRead" | "sweepEvery"> }>(
  async (app, { limits: { readGrace, slowestRead, sweepEvery } }) => {
    const open = new Set<Socket>();
    /** Since when a connection has had unread data, and how much had been sent before. */
    const behind = new WeakMap<Socket, { since: number; written: number }>();

    app.server.on("connection", (socket) => {
      open.add(socket);
      socket.once("close", () => open.delete(socket));
    });

    const check = (socket: Socket, now: number) => {
      if (socket.writableLength === 0) return void behind.delete(socket);
      const start = behind.get(socket);
      if (!start) {
        behind.set(socket, { since: now, written: socket.bytesWritten - socket.writableLength });
        return;
      }
      const sent = socket.bytesWritten - start.written;
      if (now - start.since > readGrace + (sent / slowestRead) * 1000) socket.destroy();
    };
    const sweep = setInterval(() => {
      const now = performance.now();
      for (const socket of open) check(socket, now);
    }, sweepEvery).unref();
    app.addHook("onClose", async () => clearInterval(sweep));
  },
);
