import Fastify from "fastify";
import { asMinutes, epochMs } from "#scheduling/units.ts";
import { readSlots } from "../../server/slots/queries.ts";
import { describeProfile, profileCpu } from "../cpuProfile.ts";
import { type Generator, rawRequest, startGenerator } from "../load/startGenerator.ts";
import { bestRates } from "../rates.ts";
import { describeMachine, type Section } from "../report.ts";
import { figure, microseconds, ratio, table } from "../table.ts";
import { listen, openWorld, type World } from "../world.ts";
import { measureFirstCalls } from "./firstCall.ts";
import { guideRoutes, guideScreen } from "./guideRoutes.ts";
import { type MonthScreen, plantMonths, zone } from "./mentorMonth.ts";

const mentors = 50;
const connections = 16;
const sampleMs = 500;

export async function measureHttp(): Promise<Section> {
  const world = await openWorld();
  const generator = startGenerator();
  try {
    const screen = await plantMonths(world, mentors);
    const rates = await measureRates(world, screen, generator);
    const costs = await measureCosts(world, screen, generator);
    const screens = await measureScreens(world, screen, generator);
    const first = await measureFirstCalls(world.appUrl, screen.monthPath(screen.mentors[0]!));
    return {
      title: "GET slots over HTTP",
      text: [describeMachine(world.postgresVersion), rates, costs, screens, firstCalls(first)].join("\n\n"),
    };
  } finally {
    generator.stop();
    await world.close();
  }
}

/** What browsers accept: Chrome and Firefox over HTTPS, and any of them over plain HTTP. */
const accepted = { br: "gzip, deflate, br, zstd", gzip: "gzip, deflate" };

/** Our answer from memory, by the route, and a bare route that sends the same JSON from memory. */
async function measureRates(world: World, screen: MonthScreen, generator: Generator): Promise<string> {
  const rows: string[][] = [];
  for (const [name, pathOf] of [
    ["a day", screen.dayPath],
    ["a month", screen.monthPath],
  ] as const) {
    const text = await answerOf(world, pathOf(screen.mentors[0]!));
    const bare = bareRoute(text);
    const barePort = await listen(bare);
    for (const [coding, accepts] of Object.entries(accepted)) {
      const headers = { "Accept-Encoding": accepts };
      const requestsBy = (by: "id" | "username") =>
        screen.mentors.map((mentor) => rawRequest("GET", pathOf(mentor, by), { headers }));
      const contenders = [
        { name: "ours", port: world.port, requests: requestsBy("id") },
        { name: "route", port: world.port, requests: requestsBy("username") },
        { name: "bare", port: barePort, requests: requestsBy("id") },
      ];
      let bytes = 0;
      const sample = async ({ port, requests }: (typeof contenders)[number]) => {
        const order = { port, requests, connections, milliseconds: sampleMs };
        const { perSecond, statuses, bodyBytes } = await generator.generate(order);
        if (Object.keys(statuses).join() !== "200") throw new Error(`Answers: ${JSON.stringify(statuses)}`);
        if (port === world.port) bytes = bodyBytes;
        return perSecond;
      };
      // All warm before anything counts.
      for (const contender of contenders) for (let i = 0; i < 4; i++) await sample(contender);
      const best = await bestRates(
        contenders.map((contender) => ({ name: contender.name, sample: () => sample(contender) })),
        9_000,
      );
      const [ours, route, bound] = ["ours", "route", "bare"].map((key) => best.get(key)!);
      rows.push([
        `${name}, ${coding}`,
        figure(bytes),
        figure(ours!),
        figure(route!),
        figure(bound!),
        ratio(ours! / bound!),
        ratio(route! / bound!),
      ]);
    }
    await bare.close();
  }
  const head = [
    "answer",
    "bytes",
    "ours, per second",
    "by the route",
    "bare route",
    "ours / bare",
    "by the route / bare",
  ];
  return `${table(head, rows)}

${connections} connections, ${mentors} mentors in turn among a thousand others, rate limits and log off in all. The requests
accept what browsers accept. *Ours*: bytes that are ready, before any routing, as long as the live feed is healthy. *By the
route*: the same with all hooks and the revision read from the database, as for a mentor's username, or while the feed is
silent. The bare route is Fastify with one handler that sends the same JSON from memory, uncompressed. Target: 0.5 ×.`;
}

function bareRoute(bytes: string) {
  const bare = Fastify();
  bare.get("/api/v1/mentors/:mentor/slots", (_request, reply) =>
    reply.type("application/json; charset=utf-8").send(bytes),
  );
  return bare;
}

async function answerOf(world: World, path: string): Promise<string> {
  const answer = await fetch(`http://127.0.0.1:${world.port}${path}`, {
    headers: { "accept-encoding": "identity" },
  });
  if (answer.status !== 200) throw new Error(`${path} answered ${answer.status}.`);
  return answer.text();
}

/** Where the time of one month's answer goes. */
async function measureCosts(world: World, screen: MonthScreen, generator: Generator): Promise<string> {
  const mentor = screen.mentors[0]!;
  const request = {
    from: screen.dates[0]!,
    to: screen.dates.at(-1)!,
    duration: asMinutes(60),
    timezone: zone,
    service_id: mentor.serviceId,
    include: "available",
  } as const;
  const now = Date.now();
  let asked: Parameters<typeof world.database.public.query>[0] | undefined;
  let rows: unknown;
  const recording = {
    query: async (statement: Parameters<typeof world.database.public.query>[0]) => {
      asked = statement;
      rows = await world.database.public.query(statement);
      return rows;
    },
  } as typeof world.database.public;
  await readSlots(recording, mentor.id, request, epochMs(now));
  const replay = { query: async () => rows } as unknown as typeof world.database.public;
  const answer = await readSlots(replay, mentor.id, request, epochMs(now));

  const steps: [string, () => Promise<unknown>][] = [
    [
      "an empty statement, round trip",
      () => world.database.public.query({ name: "nothing", text: "select 1" }),
    ],
    ["the statement that reads the schedule, round trip", () => world.database.public.query(asked!)],
    ["rows to answer: engine, days, local times", () => readSlots(replay, mentor.id, request, epochMs(now))],
    ["answer to JSON", async () => JSON.stringify(answer)],
  ];
  const times = await fastestAlone(steps, 3000);
  const cpu = await measureCpu(world, screen, generator);
  const profile = await profileKept(world, screen, generator);
  return `${table(
    ["one month, sequentially", "fastest"],
    [
      ...steps.map(([name]) => [name, microseconds(times.get(name)!)]),
      ["total CPU of the app's process for one cached answer", microseconds(cpu)],
    ],
  )}

${describeProfile("processor time of the app for one cached answer of a day", profile)}

An answer is cached until the schedule's revision changes, which the live feed tells; the first lines of the table above apply
to computed answers. Unlike a bare route, the app sets security headers, negotiates the content coding and counts metrics.`;
}

async function profileKept(world: World, screen: MonthScreen, generator: Generator) {
  const headers = { "Accept-Encoding": accepted.br };
  const requests = screen.mentors.map((mentor) => rawRequest("GET", screen.dayPath(mentor), { headers }));
  const order = { port: world.port, requests, connections, milliseconds: 3000 };
  await generator.generate(order);
  return profileCpu(async () => (await generator.generate(order)).answers);
}

/** µs of CPU, kernel included, that this process needs for one answer. */
async function measureCpu(world: World, screen: MonthScreen, generator: Generator): Promise<number> {
  const headers = { "Accept-Encoding": accepted.br };
  const requests = screen.mentors.map((mentor) => rawRequest("GET", screen.monthPath(mentor), { headers }));
  let best = Number.POSITIVE_INFINITY;
  for (let i = 0; i < 6; i++) {
    const before = process.cpuUsage();
    const { answers } = await generator.generate({
      port: world.port,
      requests,
      connections: 4,
      milliseconds: sampleMs,
    });
    const { user, system } = process.cpuUsage(before);
    best = Math.min(best, (user + system) / answers);
  }
  return best;
}

/** µs of the fastest single run of each, in turns. */
async function fastestAlone(
  steps: readonly [string, () => Promise<unknown>][],
  totalMs: number,
): Promise<Map<string, number>> {
  const best = new Map(steps.map(([name]) => [name, Number.POSITIVE_INFINITY]));
  const until = performance.now() + totalMs;
  while (performance.now() < until) {
    for (const [name, run] of steps) {
      for (let i = 0; i < 20; i++) {
        const startedAt = performance.now();
        await run();
        best.set(name, Math.min(best.get(name)!, (performance.now() - startedAt) * 1000));
      }
    }
  }
  return best;
}

/** The month's screen with our requests and with the guide's. */
async function measureScreens(world: World, screen: MonthScreen, generator: Generator): Promise<string> {
  const guide = guideRoutes(world.database.public);
  const guidePort = await listen(guide);
  const order = { milliseconds: 20_000 };
  const ours = async () => {
    const requests = [rawRequest("GET", screen.monthPath(screen.mentors[0]!))];
    const { perSecond } = await generator.generate({
      ...order,
      port: world.port,
      requests,
      connections: 1,
      limit: 50,
    });
    return perSecond;
  };
  const theirs = async () => {
    const requests = guideScreen(screen.mentors[0]!.id, screen.dates).map((path) => rawRequest("GET", path));
    const limit = requests.length * 5;
    // A browser's six connections, all of them busy from the first to the last request.
    const { perSecond } = await generator.generate({
      ...order,
      port: guidePort,
      requests,
      connections: 6,
      limit,
    });
    return perSecond / requests.length;
  };
  for (let warm = 0; warm < 3; warm++) {
    await ours();
    await theirs();
  }
  const best = await bestRates(
    [
      { name: "ours", sample: ours },
      { name: "guide", sample: theirs },
    ],
    8000,
  );
  await guide.close();
  const [one, many] = [1e6 / best.get("ours")!, 1e6 / best.get("guide")!];
  const requests = screen.dates.length * 4;
  return `${table(
    ["a month of times on the screen", "requests", "SQL statements", "time", "ratio"],
    [
      ["ours", "1", "1", microseconds(one), ratio(1)],
      ["the guide's way", String(requests), String(requests), microseconds(many), ratio(many / one)],
    ],
  )}

The guide's way: recurring, specific, blocked and booked rows for each day over bare Fastify routes and the same PostgreSQL,
six connections at once, on loopback, without the filtering in the client.`;
}

function firstCalls([first, second, warm]: number[]): string {
  return table(
    ["a month from a server that has just started, each on a new connection", "time"],
    [
      ["first call (code, zones, database connection and plan are cold)", microseconds(first! * 1000)],
      ["second call", microseconds(second! * 1000)],
      ["fastest after a hundred", microseconds(warm! * 1000)],
    ],
  );
}
