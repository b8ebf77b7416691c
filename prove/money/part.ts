import { openMoneyWorld } from "../../server/testing/moneyWorld.ts";
import type { Prove } from "../proof.ts";
import { proveAppKills } from "./appKills.ts";
import { proveHistories } from "./histories.ts";
import { proveKills } from "./kills.ts";
import { proveOrders } from "./orders.ts";
import { proveWebhooks } from "./webhooks.ts";

export const money: Prove = async (scale) => {
  const world = await openMoneyWorld();
  try {
    // Kills mostly wait, for real polls.
    const killing = scale === "long" ? Promise.all([proveKills(4), proveAppKills(4)]) : [];
    const webhooks = await proveWebhooks(world, scale === "long" ? 1_000 : 30);
    const orders = await proveOrders(world);
    const histories = scale === "long" ? await inWorlds(4, 10_000) : await proveHistories([world], 20);
    const kills = await killing;
    return {
      title: "Money: one effect per payment, and every paisa accounted for",
      findings: [webhooks, ...orders, ...histories, ...kills],
      notes,
    };
  } finally {
    await world.close();
  }
};

/** Histories in databases of their own: each is one booking after the other, and mostly waits for its database. */
async function inWorlds(count: number, histories: number) {
  const worlds = await Promise.all(Array.from({ length: count }, () => openMoneyWorld()));
  try {
    return await proveHistories(worlds, histories);
  } finally {
    await Promise.all(worlds.map((world) => world.close()));
  }
}

const notes = `The provider is one in memory behind the interface of the real ones. Webhooks go through the API and the job queue.
A history is a random sequence of what payers, both parties, the clock and the provider can do, with answers that are lost,
refused or out of date. When nothing is left to do, the ledger is compared with its own transfers and with a second, simple
model, which knows only the provider's own records and the outcome of each booking, or of each session of a basket: its price is in escrow,
went back or was earned, and all sessions were booked or none. The model of a package is told what was done
and never looks at the database: sessions left, reserved and used, its money, the mentor's balance, fees and losses must be what
whole numbers and five rules say. Several bookings share a coupon, whose uses are compared after every action. Killed processes are real ones, stopped by a
trigger at the point where they are killed; in every second round their transaction is lost with them, in the others the database
commits what it had received. Nothing but time helps the next worker: no webhook comes, and polls and jobs of the dead are due when
they are in production.`;
