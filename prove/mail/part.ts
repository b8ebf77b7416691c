import { setTimeout as sleep } from "node:timers/promises";
import { writeAccountMail } from "../../server/mail/accountMail.ts";
import { systemClock } from "../../server/platform/clock.ts";
import { openTestSender } from "../../server/testing/mail.ts";
import { whileRewritten } from "../../server/testing/rewriteFunction.ts";
import { openSmtpServer, type SmtpBehaviour, type TestSmtpServer } from "../../server/testing/smtpServer.ts";
import { testSecret } from "../../server/testing/testApp.ts";
import { openTestDatabase, type TestDatabase } from "../../server/testing/testDatabase.ts";
import { killAt } from "../crashes/points.ts";
import { startVictim, type Victim } from "../crashes/victim.ts";
import type { Finding, Prove } from "../proof.ts";

/** Everything that one round needs; dropped with it. */
interface MailRoom {
  db: TestDatabase;
  smtp: TestSmtpServer;
  startWorker(): Promise<Victim>;
}

async function inMailRoom<T>(work: (room: MailRoom) => Promise<T>): Promise<T> {
  const db = await openTestDatabase();
  const smtp = await openSmtpServer();
  const settings = { SMTP_URL: smtp.url, MAIL_FROM: "matepeak@example.com", MAIL_PER_SECOND: "10000" };
  try {
    return await work({ db, smtp, startWorker: () => startVictim("worker", db.ownerUrl, settings) });
  } finally {
    await smtp.close();
    await db.drop();
  }
}

async function write({ database }: TestDatabase, count: number): Promise<void> {
  for (let number = 0; number < count; number++)
    await writeAccountMail(
      { database, now: systemClock, secret: testSecret },
      { kind: "password_changed", to: `person${number}@example.com` },
    );
}

const countOf = async ({ owner }: TestDatabase, state: string) =>
  (await owner.query("select from private.deliveries where state = $1", [state])).rowCount ?? 0;

/** As if the leases of killed workers were over. */
const endLeases = ({ owner }: TestDatabase) =>
  owner.query("update private.deliveries set due_at = now() where state = 'waiting'");

/** What arrived: how many copies of mails, and how many of these had another Message-ID than the first. */
interface Arrived {
  mails: number;
  copies: number;
  strangers: number;
}

function countArrived({ received }: TestSmtpServer): Arrived {
  const ids = new Map<string, string | undefined>();
  let [copies, strangers] = [0, 0];
  for (const { to, mail } of received) {
    const [address = ""] = to;
    if (!ids.has(address)) {
      ids.set(address, mail.messageId);
      continue;
    }
    copies += 1;
    if (ids.get(address) !== mail.messageId) strangers += 1;
  }
  return { mails: ids.size, copies, strangers };
}

/** Another worker sends what the killed one left. */
async function finish({ db, startWorker }: MailRoom, count: number): Promise<void> {
  await endLeases(db);
  const next = await startWorker();
  const deadline = performance.now() + 60_000;
  while ((await countOf(db, "sent")) < count && performance.now() < deadline) await sleep(100);
  await next.kill();
}

interface Step {
  name: string;
  /** How many copies of the one mail may arrive in all. */
  most: number;
  /** Lets the worker come to the step and kills it there. */
  killThere: (room: MailRoom) => Promise<void>;
}

/** The worker is killed while the mail server keeps it waiting. */
const atServer =
  (behaviourWith: (wait: () => Promise<void>) => SmtpBehaviour): Step["killThere"] =>
  async ({ smtp, startWorker }) => {
    const arrived = Promise.withResolvers<void>();
    const released = Promise.withResolvers<void>();
    smtp.behaviour = behaviourWith(() => {
      arrived.resolve();
      return released.promise;
    });
    const worker = await startWorker();
    await arrived.promise;
    await worker.kill();
    smtp.behaviour = {};
    released.resolve();
    await sleep(100);
  };

/** The worker is killed in a transaction that changes the mail's row. */
const atRow =
  (event: string): Step["killThere"] =>
  async ({ db, startWorker }) => {
    let worker: Victim | undefined;
    const trigger = (table: string) =>
      `create constraint trigger gate after update on ${table} deferrable initially deferred
       for each row when (${event}) execute function private.gate()`;
    await killAt(db.owner, { name: event, trigger }, "private.deliveries", {
      run: async () => {
        worker = await startWorker();
      },
      kill: async () => {
        while (!worker) await sleep(20);
        await worker.kill();
      },
    });
  };

const steps: readonly Step[] = [
  {
    name: "while its claim is committed",
    most: 1,
    killThere: atRow("old.attempts < new.attempts"),
  },
  {
    name: "after it claimed the mail, before the server has any of it",
    most: 1,
    killThere: atServer((wait) => ({ atRecipient: wait })),
  },
  {
    name: "in the middle of the content",
    most: 1,
    killThere: atServer((wait) => ({ atContent: wait })),
  },
  {
    name: "after the server accepted the mail, before its reply",
    most: 2,
    killThere: atServer((wait) => ({ atReply: wait })),
  },
  {
    name: "after the reply, while the mail is marked as sent",
    most: 2,
    killThere: atRow("new.state = 'sent'"),
  },
];

async function killAtStep({ name, most, killThere }: Step, rounds: number): Promise<Finding> {
  const faults: string[] = [];
  let copies = 0;
  for (let round = 0; round < rounds; round++) {
    await inMailRoom(async (room) => {
      await write(room.db, 1);
      await killThere(room);
      await finish(room, 1);
      const seen = countArrived(room.smtp);
      copies += seen.copies;
      if (seen.mails !== 1) faults.push("the mail is missing");
      if (seen.copies + 1 > most) faults.push(`${seen.copies + 1} copies`);
      if (seen.strangers > 0) faults.push("a copy has another Message-ID");
    });
  }
  return {
    promise: `The worker is killed ${name}: the mail arrives ${most === 1 ? "once" : "once, or twice with the same Message-ID"}`,
    figure: `${rounds} kills · ${copies} copies · ${faults.length === 0 ? "no fault" : faults.join("; ")}`,
    holds: faults.length === 0,
  };
}

/** Many mails, many kills at any moment. */
async function killAnytime(kills: number): Promise<Finding> {
  return inMailRoom(async (room) => {
    const count = kills * 40;
    await write(room.db, count);
    room.smtp.behaviour = { delay: () => 10 };
    for (let kill = 0; kill < kills; kill++) {
      const worker = await room.startWorker();
      await sleep(Math.random() * 600);
      await worker.kill();
      await endLeases(room.db);
    }
    const before = countArrived(room.smtp).mails;
    room.smtp.behaviour = {};
    await finish(room, count);
    const seen = countArrived(room.smtp);
    // At most one mail per connection is between the server and its mark when a worker dies.
    const holds = before > kills && seen.mails === count && seen.strangers === 0 && seen.copies <= kills * 5;
    return {
      promise: "Workers are killed at any moment: every mail arrives, and every copy has the same Message-ID",
      figure: `${kills} kills · ${seen.mails} of ${count} mails, ${before} of them by the killed · ${seen.copies} copies · ${seen.strangers} with another Message-ID`,
      holds,
    };
  });
}

/** Two senders in this process, on their own connections to the mail server. */
async function twoSenders(lease: string): Promise<Arrived & { written: number }> {
  return inMailRoom(async ({ db, smtp }) =>
    whileRewritten(db, ["private.claim_deliveries", "now() + lease"], lease, async () => {
      const written = 60;
      smtp.behaviour = { delay: () => 20 };
      await write(db, written);
      const senders = [openTestSender(db, smtp), openTestSender(db, smtp)];
      await Promise.all(senders.map((sender) => sender.drain()));
      await Promise.all(senders.map((sender) => sender.stop()));
      return { ...countArrived(smtp), written };
    }),
  );
}

export const mail: Prove = async (scale) => {
  const isLong = scale === "long";
  const findings: Finding[] = [];
  const shortSteps = [steps[3]];
  for (const step of steps)
    if (isLong || shortSteps.includes(step)) findings.push(await killAtStep(step, isLong ? 4 : 1));
  if (isLong) findings.push(await killAnytime(20));
  const guarded = await twoSenders("now() + lease");
  findings.push({
    promise: "Two senders send each mail once",
    figure: `${guarded.mails} of ${guarded.written} mails · ${guarded.copies} copies`,
    holds: guarded.mails === guarded.written && guarded.copies === 0,
  });
  const unguarded = await twoSenders("now()");
  findings.push({
    promise: "without the lease of a claim, two senders send mails twice",
    figure: `${unguarded.mails} of ${unguarded.written} mails · ${unguarded.copies} copies`,
    holds: unguarded.copies > 0,
    twin: true,
  });
  return { title: "Mail", findings, notes };
};

const notes = `The worker is a process of its own and sends to a real mail server (\`smtp-server\`) on loopback. It is killed with SIGKILL
while the server keeps it waiting at a step of the dialogue, or while a trigger keeps it waiting before the commit that changes
the mail's row. The lease of a claim is a minute; the proof ends it early by hand. SMTP has no transactions, so a worker that
dies between the server's acceptance and its own mark leaves a mail that is sent again: the second copy is recognised by its
Message-ID.`;
