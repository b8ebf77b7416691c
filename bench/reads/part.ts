// What reading costs PostgreSQL, against the same statements prepared by hand; and what looking up a login costs.
import { openAccounts } from "../../server/accounts/accounts.ts";
import { libraryDecides, openFindLogin } from "../../server/accounts/findLogin.ts";
import { benchPublicUrl } from "../load/startGenerator.ts";
import {
  type BenchMentor,
  type BenchStudent,
  benchSecret,
  makeMentors,
  makeStudents,
  plantSessions,
  sessionMinutes,
} from "../people.ts";
import { describeMachine, type Section } from "../report.ts";
import { microseconds, ratio, table } from "../table.ts";
import { openWorld, type World } from "../world.ts";
import { postgresCpu } from "./postgresCpu.ts";
import { type ByHand, openRecorder, prepareByHand, type Recorder } from "./statements.ts";

const rounds = 7;
const requestsPerRound = 40;
const HOUR_MS = 3_600_000;

export async function measureReads(): Promise<Section> {
  const recorder = openRecorder();
  const world = await openWorld();
  try {
    const reads = await measureRoutes(world, recorder);
    const logins = await measureLogins(world);
    return {
      title: "Reads and logins",
      text: [describeMachine(world.postgresVersion), reads, logins].join("\n\n"),
    };
  } finally {
    await world.close();
  }
}

/** A hundred mentors, each with two sessions of each of twenty students. */
async function plantPeople({ owner }: World): Promise<{ mentor: BenchMentor; student: BenchStudent }> {
  const mentors = await makeMentors(owner, 100, { days: [1, 2, 3, 4, 5], start: "09:00", end: "17:00" });
  const students = await makeStudents(owner, 20);
  const today = Math.floor(Date.now() / HOUR_MS) * HOUR_MS;
  const sessions = mentors.flatMap((mentor) =>
    students.flatMap((student, index) =>
      [-200, 200].map((hours) => ({
        mentor,
        student,
        startsAt: today + (hours + index) * HOUR_MS,
        minutes: sessionMinutes,
      })),
    ),
  );
  await plantSessions(owner, sessions);
  await owner.query("vacuum analyze");
  return { mentor: mentors[0]!, student: students[0]! };
}

async function measureRoutes(world: World, recorder: Recorder): Promise<string> {
  const { mentor, student } = await plantPeople(world);
  const { rows: found } = await world.owner.query<{ id: string }>(
    "select id from bookings where user_id = $1 order by starts_at desc limit 1",
    [student.id],
  );
  const booking = found[0]!.id;
  const dateIn = (days: number) => new Date(Date.now() + days * 24 * HOUR_MS).toISOString().slice(0, 10);
  const month = `start_date=${dateIn(0)}&end_date=${dateIn(30)}`;
  const routes: [path: string, asStudent: boolean][] = [
    ["/bookings?limit=20", true],
    [`/bookings/${booking}`, true],
    [`/bookings/${booking}/events`, true],
    ["/me", true],
    ["/me/favourites", true],
    ["/notifications", true],
    ["/time-requests", true],
    ["/mentors", false],
    [`/mentors/${mentor.id}`, false],
    [`/mentors/${mentor.id}/availability?${month}`, false],
    [`/mentors/${mentor.id}/reviews`, false],
  ];
  const rows: string[][] = [];
  for (const [path, asStudent] of routes) {
    const request = () => ask(world, path, asStudent ? student.token : undefined);
    // The login is cached, the statements are prepared and their plans are made.
    for (let i = 0; i < 10; i++) await request();
    const statements = await recorder.record(request);
    const byHand = await prepareByHand(world.ownerUrl, statements, asStudent ? student.id : undefined);
    const [ours, bare] = await compare(world, request, byHand);
    await byHand.close();
    const name = path.replace(booking, "{id}").replace(mentor.id, "{id}").replace(month, "…");
    rows.push([
      `GET ${name}`,
      String(statements.length),
      microseconds(ours),
      microseconds(bare),
      ratio(ours / bare),
    ]);
  }
  return `${table(["route", "statements", "PostgreSQL, the route", "its statements by hand", "ratio"], rows)}

PostgreSQL's processor time, the lowest of ${rounds} rounds of ${requestsPerRound} requests in turns with the same statements, prepared on a
connection that does nothing else. A transaction's begin, role and commit, 0.12 ms, count for the route only and are most of what the smallest reads cost. Target: 2 ×.`;
}

async function ask({ port }: World, path: string, token: string | undefined): Promise<void> {
  const answer = await fetch(`http://127.0.0.1:${port}/api/v1${path}`, {
    headers: { host: new URL(benchPublicUrl).host, ...(token ? { authorization: `Bearer ${token}` } : {}) },
  });
  if (answer.status !== 200) throw new Error(`${path} answered ${answer.status}.`);
  await answer.arrayBuffer();
}

/** µs of each, the lowest of some rounds taken in turns. */
async function compare(
  { owner }: World,
  request: () => Promise<void>,
  byHand: ByHand,
): Promise<[ours: number, bare: number]> {
  const best: [number, number] = [Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY];
  for (let i = 0; i < 10; i++) await byHand.run();
  for (let round = 0; round < rounds; round++) {
    for (const [index, work] of [request, byHand.run].entries()) {
      const cpu = await postgresCpu(owner, async () => {
        for (let i = 0; i < requestsPerRound; i++) await work();
      });
      best[index as 0 | 1] = Math.min(best[index as 0 | 1], cpu / requestsPerRound);
    }
  }
  return best;
}

/** The accounts library's look-up and ours, of as many different people. */
async function measureLogins(world: World): Promise<string> {
  const students = await makeStudents(world.owner, 100);
  await world.owner.query("vacuum analyze");
  const { accounts: pool } = world.database;
  const accounts = openAccounts({
    pool,
    secret: benchSecret,
    publicUrl: benchPublicUrl,
    sendCode: async () => undefined,
  });
  const findLogin = await openFindLogin(accounts, pool, benchSecret);
  const ways: [name: string, find: (authorization: string) => Promise<unknown>][] = [
    ["the library", (authorization) => accounts.api.getSession({ headers: new Headers({ authorization }) })],
    ["ours", (authorization) => findLogin({ authorization })],
  ];
  const app = ways.map(() => Number.POSITIVE_INFINITY);
  const postgres = ways.map(() => Number.POSITIVE_INFINITY);
  for (let round = 0; round < rounds + 2; round++) {
    for (const [index, [name, find]] of ways.entries()) {
      const before = process.cpuUsage();
      const cpu = await postgresCpu(world.owner, async () => {
        for (const { token } of students) {
          const found = await find(`Bearer ${token}`);
          if (!found || found === libraryDecides) throw new Error(`Not found: ${name}`);
        }
      });
      const { user, system } = process.cpuUsage(before);
      app[index] = Math.min(app[index]!, (user + system) / students.length);
      postgres[index] = Math.min(postgres[index]!, cpu / students.length);
    }
  }
  return `${table(
    ["looking up a login", "the app's processor time", "PostgreSQL's"],
    ways.map(([name], index) => [name, microseconds(app[index]!), microseconds(postgres[index]!)]),
  )}

Each of ${students.length} people in turn, the lowest of ${rounds + 2} rounds in turns. Each person's login is looked up once in half a minute, and
for each request while the process receives no notifications.`;
}
