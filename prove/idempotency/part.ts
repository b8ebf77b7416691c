import type { Finding, Prove, Scale } from "../proof.ts";
import { asTwin, proveRounds, type Round } from "../rounds.ts";
import { onStage, type Stage } from "../stage.ts";
import { manyKeys, oneKey, refused, times, twoBodies, withoutKey } from "./rounds.ts";

interface Row {
  promise: string;
  play: (stage: Stage) => Promise<Round>;
  rounds: Record<Scale, number>;
}

const rows: readonly Row[] = [
  {
    promise: "One key, one request fifty times at once: one booking, fifty identical answers",
    play: (stage) => oneKey(stage),
    rounds: { long: 60, short: 1 },
  },
  {
    promise: "One key, two different requests: one is executed, the other refused, every time",
    play: twoBodies,
    rounds: { long: 40, short: 1 },
  },
  {
    promise: "A refused request fifty times: fifty identical refusals, stored once",
    play: refused,
    rounds: { long: 40, short: 1 },
  },
  {
    promise: "One key used by ten people, five times each: one booking per person",
    play: manyKeys,
    rounds: { long: 40, short: 1 },
  },
];

interface Twin {
  promise: string;
  /** SQL that takes the guard away. */
  remove: string;
  play: (stage: Stage) => Promise<Round>;
  onlyLong?: true;
}

const twins: readonly Twin[] = [
  {
    promise: "with a primary key that never conflicts, one key makes fifty bookings",
    remove: `
      create sequence private.forget_seq;
      create function private.forget() returns trigger language plpgsql security definer as
        $$ begin new.key := new.key || '#' || nextval('private.forget_seq'); return new; end $$;
      create trigger forget before insert on private.idempotency_keys
        for each row execute function private.forget()`,
    play: (stage) => oneKey(stage),
  },
  {
    promise: "without the primary key nothing is booked at all",
    remove: "alter table private.idempotency_keys drop constraint idempotency_keys_pkey",
    play: (stage) => oneKey(stage),
    onlyLong: true,
  },
  {
    promise: "without a key, one request fifty times makes fifty bookings",
    remove: "select",
    play: withoutKey,
    onlyLong: true,
  },
];

const people = 10;

/** One person may have many seats in a session: only the key keeps equal requests apart. */
function onGreedyStage<T>(play: (stage: Stage) => Promise<T>): Promise<T> {
  return onStage(people, async (stage) => {
    await stage.test.db.owner.query("drop index bookings_one_seat_each");
    return play(stage);
  });
}

export const idempotency: Prove = async (scale) => {
  const findings = await onGreedyStage(async (stage) => {
    const seen: Finding[] = [];
    for (const { promise, play, rounds } of rows) {
      const repeated = { rounds: rounds[scale], people: times };
      seen.push(await proveRounds(stage, promise, repeated, () => play(stage)));
    }
    return seen;
  });
  for (const { promise, remove, play } of twins.filter(({ onlyLong }) => scale === "long" || !onlyLong)) {
    const finding = await onGreedyStage(async (stage) => {
      await stage.test.db.owner.query(remove);
      return proveRounds(stage, promise, { rounds: 1, people: times }, () => play(stage));
    });
    findings.push(asTwin(promise, finding));
  }
  return { title: "Repeated requests", findings, notes };
};

const notes = `Fifty requests at once over HTTP for a group session with room for all of them. In the databases of this proof one person may
have many seats in it, so that only the key deduplicates equal requests. Every round has another mentor and another key.`;
