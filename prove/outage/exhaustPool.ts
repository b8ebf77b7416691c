import { setTimeout as sleep } from "node:timers/promises";
import { bookingOf, dateIn, readSlots } from "../../server/testing/booking.ts";
import type { TestApp } from "../../server/testing/testApp.ts";
import type { Finding } from "../proof.ts";
import { onStage } from "../stage.ts";

const connections = 3;
const longestWait = 200;
/** Within this a refusal must be there, ms: far less than the wait that it saves, on a machine that may be busy. */
const bound = 2_000;

/** Within this all connections are in use, ms. */
const longestStart = 30_000;

/** On a busy machine a new connection takes longer than a request may wait for one, which would then be refused. */
async function openConnections({ db }: TestApp): Promise<void> {
  const hold = () =>
    db.database.asSystem("opens a connection", null, ({ client }) => client.query("select pg_sleep(0.1)"));
  await Promise.allSettled(Array.from({ length: connections }, hold));
  await hold();
}

/** All connections wait for one mentor's row: new requests get 503, and afterwards all are served. */
export function exhaustPool(rounds: number): Promise<Finding> {
  return onStage(
    connections + 1,
    async ({ test, people }) => {
      const startedAt = performance.now();
      const faults: string[] = [];
      let [refused, slowest, acknowledged, found] = [0, 0, 0, 0];
      for (let round = 0; round < rounds; round++) {
        const mentor = await test.makeMentor();
        const slots = await readSlots(test.visitor, mentor, {
          from: dateIn(mentor, 1),
          to: dateIn(mentor, 7),
        });
        const ask = (who: number) =>
          people[who]!.call("POST", "/bookings", bookingOf(mentor, slots[who * 10]!.starts_at), {
            "idempotency-key": `pool ${round}`,
          });
        await openConnections(test);
        await test.db.owner.query("begin");
        await test.db.owner.query("select from schedule_revisions where expert_id = $1 for update", [
          mentor.id,
        ]);
        const waiting = people.map((_, who) => ask(who));
        const giveUp = performance.now() + longestStart;
        while (test.db.database.load().app.longestWaiting <= longestWait && performance.now() < giveUp)
          await sleep(10);
        for (let asked = 0; asked < 10; asked++) {
          const before = performance.now();
          const answer = await ask(0);
          slowest = Math.max(slowest, performance.now() - before);
          if (answer.status === 503 && answer.headers["retry-after"] === "5") refused += 1;
          else faults.push(`answered ${answer.status}`);
        }
        await test.db.owner.query("commit");
        const answers = await Promise.all(waiting);
        acknowledged += answers.filter(({ status }) => status === 201).length;
        if ((await ask(0)).status !== 201) faults.push("not served afterwards");
        const stored = await test.db.owner.query("select from bookings where expert_id = $1", [mentor.id]);
        found += stored.rowCount ?? 0;
      }
      if (slowest > bound) faults.push(`a refusal took ${slowest.toFixed(0)} ms`);
      if (acknowledged !== found || found !== rounds * people.length)
        faults.push("not every waiting request was served");
      const seconds = ((performance.now() - startedAt) / 1000).toFixed(1);
      return {
        promise: "All connections are in use: new requests are refused at once, waiting ones are served",
        figure: `${rounds} rounds · ${refused} refused, the slowest after ${slowest.toFixed(0)} ms · ${acknowledged} acknowledged, ${found} found · ${
          faults.length > 0 ? [...new Set(faults)].slice(0, 3).join("; ") : "no fault"
        } · ${seconds} s`,
        holds: faults.length === 0,
      };
    },
    { poolSize: connections, longestWait },
  );
}
