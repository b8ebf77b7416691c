import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { SystemTx } from "../platform/database/database.ts";
import { bookAny } from "../testing/booking.ts";
import { type Mentor, openTestApp, type Person, type TestApp } from "../testing/testApp.ts";
import { inJudgedTransaction } from "./judgedTransaction.ts";

let test: TestApp;
let mentor: Mentor;
let student: Person;
beforeAll(async () => {
  test = await openTestApp();
  [student] = (await test.signUpCrowd(1)) as [Person];
});
beforeEach(async () => {
  mentor = await test.makeMentor();
});
afterAll(() => test.close());

async function readRevision({ client }: Pick<SystemTx, "client">): Promise<number> {
  const { rows } = await client.query<{ revision: number }>(
    "select revision from schedule_revisions where expert_id = $1",
    [mentor.id],
  );
  return rows[0]?.revision ?? 0;
}

const change = () =>
  test.db.owner.query("update schedule_revisions set revision = revision + 1 where expert_id = $1", [
    mentor.id,
  ]);

const isLocked = () =>
  test.db.owner
    .query("select from schedule_revisions where expert_id = $1 for no key update nowait", [mentor.id])
    .then(
      () => false,
      (error) => error.code === "55P03",
    );

/** Runs work that judges; returns the revisions that it judged, and whether the mentor was locked meanwhile. */
async function judge(meanwhile: (attempt: number) => Promise<unknown>) {
  const judged: { revision: number; locked: boolean }[] = [];
  const about = { reason: "a test", caller: student, mentorId: mentor.id };
  const written = await inJudgedTransaction(test.db.database, about, async (tx, lockAt) => {
    const revision = await readRevision(tx);
    judged.push({ revision, locked: await isLocked() });
    if (!judged.at(-1)?.locked) await meanwhile(judged.length);
    const [, last] = await Promise.all([lockAt(revision), readRevision(tx.last)]);
    return last;
  });
  return { judged, written };
}

describe("work that judges before it writes", () => {
  it("locks nothing while it judges, and others book meanwhile", async () => {
    const { judged, written } = await judge(async () => undefined);
    expect(judged).toEqual([{ revision: written, locked: false }]);
    const meanwhile = await judge((attempt) =>
      attempt === 1 ? bookAny(student, mentor) : Promise.resolve(),
    );
    expect(meanwhile.judged.map(({ locked }) => locked)).toEqual([false, false]);
  });

  it("begins again if the schedule has changed since", async () => {
    const { judged, written } = await judge((attempt) => (attempt === 1 ? change() : Promise.resolve()));
    expect(judged).toHaveLength(2);
    expect(judged[1]).toEqual({ revision: judged[0]!.revision + 1, locked: false });
    expect(written).toBe(judged[1]!.revision);
  });

  it("locks the schedule from the beginning if it changes each time", async () => {
    const { judged, written } = await judge(change);
    expect(judged.map(({ locked }) => locked)).toEqual([false, false, false, true]);
    expect(written).toBe(judged[3]!.revision);
  });

  it("writes nothing at another revision", async () => {
    const revision = await readRevision({ client: test.db.owner });
    const writing = test.db.database.asSystem("a test", student.id, ({ client }) =>
      client.query("select private.require_revision($1, $2)", [mentor.id, revision - 1]),
    );
    await expect(writing).rejects.toMatchObject({ code: "40001" });
  });
});
