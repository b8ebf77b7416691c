import type { Finding, Prove } from "../proof.ts";
import { asTwin, proveRounds } from "../rounds.ts";
import { onStage } from "../stage.ts";
import { expire } from "./expiry.ts";
import { type Clock, jump } from "./jumps.ts";

export const clock: Prove = async (scale) => {
  const long = scale === "long";
  const appClock: Clock = { off: 0 };
  const now = () => Date.now() + appClock.off;
  const findings = await onStage(
    3,
    async (stage): Promise<Finding[]> => [
      await proveRounds(
        stage,
        "The app's clock jumps and comes back: no time is booked twice, no session begins in the past, what is offered can be booked",
        { rounds: long ? 64 : 4, people: 3 },
        (round) => jump(stage, round, appClock),
      ),
      await proveRounds(
        stage,
        "The worker's clock is a month ahead or behind: nothing expires early or twice",
        { rounds: long ? 12 : 1, people: 2 },
        () => expire(stage),
      ),
    ],
    { now },
  );
  const twin = "a database whose clock is ahead lets requests expire early";
  findings.push(
    await onStage(3, async (stage) => {
      const { owner } = stage.test.db;
      const { rows } = await owner.query<{ text: string }>(
        "select pg_get_functiondef(p.oid) as text from pg_proc p where proname in ('expire_requests', 'sweep_mentor', 'mentors_with_expired_time')",
      );
      for (const { text } of rows)
        await owner.query(text.replaceAll("now()", "(now() + interval '30 days')"));
      return asTwin(twin, await proveRounds(stage, twin, { rounds: 1, people: 2 }, () => expire(stage)));
    }),
  );
  return { title: "Clocks that jump", findings, notes };
};

const notes = `The app and the worker use their machine's clock to decide what is free; the database uses its own when it stores. The app's
clock jumps by a minute, an hour, 26 hours and 90 days, forwards and back, while two people ask for the same times. What the
app offers meanwhile may be refused. As soon as the clock is right again, a third person books the first, the middle and the
last time that is offered. The database decides whether a request has expired. Jumps of the database's clock are not tested.`;
