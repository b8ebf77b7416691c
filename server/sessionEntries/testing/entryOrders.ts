import { spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import fc from "fast-check";
import { type Booking, booking } from "#contract/bookings.ts";
import type { GroupSession } from "#contract/groupSessions.ts";
import { plainEvent } from "../../calendarConnections/testing/plainEvents.ts";
import { bookAny, bookingOf, dateIn, moveTo } from "../../testing/booking.ts";
import { type Person, testSecret } from "../../testing/testApp.ts";
import { type EntryRow, type EntryWorld, type Receiver, written, writtenGroup } from "./entryWorld.ts";

/** What people, workers and the calendar's owner do. */
const acts = [
  "book",
  "confirm",
  "move",
  "cancel",
  "write",
  "write twice at once",
  "killed after a write",
  "killed before a write",
  "read",
  "owner moves",
  "owner deletes",
  "owner answers",
  "off",
  "on",
  "schedule a group",
  "join",
  "leave",
  "move the group",
  "change its seats",
  "cancel the group",
] as const;

export interface Act {
  what: (typeof acts)[number];
  /** To which session. */
  which: number;
}

export const anyOrder = (maxLength: number) =>
  fc.array(fc.record({ what: fc.constantFrom(...acts), which: fc.nat(3) }), { minLength: 4, maxLength });

export type Kill = (receiver: Receiver, when: "before" | "after") => Promise<void>;

/**
 * Does all of it in order at a new mentor, and lets the workers end their work. Returns what is wrong then: the calendar must
 * have each session as it is, or as its owner has left it if the owner has been asked about that; and once the owner has had all
 * put back, each session as it is; and nothing once all are cancelled. A group is one session
 * for all seats.
 */
export async function faultsOf(world: EntryWorld, order: readonly Act[], kill: Kill): Promise<string[]> {
  const receiver = await world.openReceiver();
  // The first read, while nothing is written: Xandikos does not report what is made during it and deleted before the next one,
  // which is found by the daily read of everything.
  await world.run();
  const known: Known = { sessions: [], groups: [], seats: [] };
  for (const act of order) await play(world, receiver, known, act, kill);

  const faults: string[] = [];
  const compare = async (when: string, expected: readonly string[]) => {
    const found = await world.entries(receiver);
    if (found.join("\n") !== [...expected].sort().join("\n"))
      faults.push(`${when}: ${found.join(" | ")} instead of ${expected.join(" | ")}`);
  };
  await world.receive(receiver.mentor, receiver.connection);
  await world.run();
  await world.read(receiver);
  await compare("in the end", await expectedOf(world, receiver));
  await putAllBack(world, receiver);
  await world.run();
  await world.read(receiver);
  const { length } = (await openQuestions(world, receiver)).filter(({ question }) => question !== null);
  if (length > 0) faults.push(`${length} questions are open although all was put back`);
  await compare("put back", await expectedOf(world, receiver));
  for (const { id } of known.sessions) await world.student.call("POST", `/bookings/${id}/cancel`);
  for (const group of await world.groups(receiver)) await world.changeGroup(receiver, group, "cancel", {});
  await world.run();
  await compare("cancelled", []);
  return faults;
}

interface Known {
  sessions: Booking[];
  groups: GroupSession[];
  /** In groups, with who has them. */
  seats: { person: Person; id: string }[];
}

async function play(
  world: EntryWorld,
  receiver: Receiver,
  { sessions, groups, seats }: Known,
  { what, which }: Act,
  kill: Kill,
): Promise<void> {
  const { mentor, connection } = receiver;
  const one = sessions[which % Math.max(sessions.length, 1)];
  const group = groups[which % Math.max(groups.length, 1)];
  const ofGroup = async (method: "POST" | "PATCH", step: string, body: object) => {
    if (group) await mentor.call(method, `/mentors/me/group-sessions/${group.id}${step}`, body);
  };
  const step = async (who: { call: Receiver["mentor"]["call"] }, action: string, body?: object) => {
    if (one) await who.call("POST", `/bookings/${one.id}/${action}`, body);
  };
  switch (what) {
    case "book":
      sessions.push(await bookAny(world.student, mentor));
      break;
    case "confirm":
      await step(mentor, "confirm");
      break;
    case "cancel":
      await step(world.student, "cancel");
      break;
    case "move":
      await step(world.student, "reschedule", moveTo(mentor, await world.freeStart(mentor)));
      break;
    case "write":
      await world.run();
      break;
    case "write twice at once":
      await Promise.all([world.write(receiver), world.write(receiver)]);
      break;
    case "killed after a write":
    case "killed before a write":
      await kill(receiver, what === "killed after a write" ? "after" : "before");
      await world.endLeases(receiver);
      break;
    case "read":
      await world.read(receiver);
      break;
    case "owner moves":
    case "owner deletes": {
      const all = await world.addresses(receiver);
      const address = all[which % Math.max(all.length, 1)];
      if (address === undefined) break;
      const [id = ""] = /[0-9a-f-]{36}(?=\.ics$)/.exec(address) ?? [];
      const start = new Date(Date.now() + (100 + which) * 86_400_000).toISOString().replace(/\.\d+/, "");
      if (what === "owner deletes") await world.send("DELETE", address);
      else await world.send("PUT", address, plainEvent(`${id}@matepeak`, start));
      break;
    }
    case "owner answers":
      await putAllBack(world, receiver);
      break;
    case "off":
    case "on":
      await world.receive(mentor, connection, what === "on");
      break;
    case "schedule a group":
      groups.push(await world.scheduleGroup(receiver, 10 + groups.length));
      break;
    case "join": {
      const person = world.crowd[which % world.crowd.length];
      const now = group && (await world.groups(receiver)).find(({ id }) => id === group.id);
      // Each has one seat.
      if (now && person) {
        const serviceIndex = mentor.services.findIndex(({ id }) => id === now.service_id);
        const answer = await person.call(
          "POST",
          "/bookings",
          bookingOf(mentor, now.starts_at, { serviceIndex }),
        );
        if (answer.status === 201) seats.push({ person, id: answer.read(booking).id });
      }
      break;
    }
    case "leave": {
      const [seat] = seats.splice(which % Math.max(seats.length, 1), 1);
      if (seat) await seat.person.call("POST", `/bookings/${seat.id}/cancel`);
      break;
    }
    case "move the group":
      await ofGroup("POST", "/move", { scheduled_date: dateIn(mentor, 40 + which), scheduled_time: "20:00" });
      break;
    case "change its seats":
      await ofGroup("PATCH", "", { capacity: 5 + which });
      break;
    case "cancel the group":
      await ofGroup("POST", "/cancel", {});
      break;
    default:
      what satisfies never;
  }
}

function openQuestions(world: EntryWorld, receiver: Receiver): Promise<EntryRow[]> {
  return world.rows(receiver);
}

async function putAllBack(world: EntryWorld, receiver: Receiver): Promise<void> {
  for (const { session_id, is_group, question_id } of await openQuestions(world, receiver)) {
    if (question_id === null) continue;
    const page = is_group ? `/mentors/me/group-sessions/${session_id}` : `/bookings/${session_id}`;
    await receiver.mentor.call("POST", `${page}/entry-question/answer`, { question_id, answer: "put_back" });
  }
}

async function expectedOf(world: EntryWorld, receiver: Receiver): Promise<string[]> {
  const { rows: sessions } = await world.test.db.owner.query<{ id: string; starts_at: Date; status: string }>(
    `select id, starts_at, status from bookings
     where expert_id = $1 and status <> 'cancelled' and session_type <> 'groupSession'`,
    [receiver.mentor.id],
  );
  const asked = new Map((await openQuestions(world, receiver)).map((row) => [row.session_id, row]));
  const expected = new Map([
    ...sessions.map(({ id, starts_at, status }) => {
      const shown = status === "pending" ? "TENTATIVE" : "CONFIRMED";
      return [id, written({ id, starts_at: starts_at.toISOString() }, shown)] as const;
    }),
    ...(await world.groups(receiver)).map((group) => [group.id, writtenGroup(group)] as const),
  ]);
  return [...expected].flatMap(([id, text]) => {
    const { question, moved_to } = asked.get(id) ?? {};
    if (question === "deleted") return [];
    // As the owner's program has written it, which says nothing of a status.
    if (question === "moved" && moved_to)
      return [written({ id, starts_at: moved_to.toISOString() }, "undefined")];
    return [text];
  });
}

/** As if: the worker does nothing any more from then on. */
export function stopsWorking(world: EntryWorld): Kill {
  return async (receiver, when) => {
    await world.write(receiver, world.dying(when)).catch((error: unknown) => {
      if (!(error instanceof Error) || error.message !== "killed") throw error;
    });
  };
}

/** A process of its own, which is ended by SIGKILL. */
export function killsProcess(world: EntryWorld): Kill {
  return async ({ mentor }, when) => {
    const file = fileURLToPath(new URL("./killedWriter.ts", import.meta.url));
    const child = spawn(process.execPath, [file, mentor.id, when], {
      stdio: ["ignore", "ignore", "inherit"],
      env: {
        PATH: process.env.PATH,
        HOME: process.env.HOME,
        DATABASE_URL: world.test.db.ownerUrl,
        AUTH_SECRET: testSecret,
        PRIVATE_CALENDAR_HOSTS: world.server.host,
      },
    });
    const [code, signal] = (await once(child, "exit")) as [number | null, string | null];
    // It had nothing to write, or it was killed.
    if (code !== 0 && signal !== "SIGKILL") throw new Error(`The worker ended with ${code ?? signal}.`);
  };
}
