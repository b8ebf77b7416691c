// Does anything grow with history? The same calls on databases that differ only in how much lies in the past, side by
// side in one server and measured in turns.
import pg from "pg";
import { FreeSlots } from "../booking/freeSlots.ts";
import { type MonthScreen, plantMonths } from "../http/mentorMonth.ts";
import { type Generator, rawRequest, startGenerator } from "../load/startGenerator.ts";
import { bestRates } from "../rates.ts";
import { describeMachine, type Section } from "../report.ts";
import { microseconds, ratio, table } from "../table.ts";
import { type BenchServer, openPlace, openServer, type Place } from "../world.ts";
import { plantPast } from "./pastBookings.ts";

const sizes = [10_000, 100_000, 1_000_000];
/** Past sessions of one mentor, in the database of the middle size. */
const historyLengths = [1, 100, 1000, 10_000];
const sampleMs = 150;
const perTableMs = 25_000;

export async function measureGrowth(): Promise<Section> {
  const server = await openServer();
  const generator = startGenerator();
  const places: Place[] = [];
  try {
    for (const size of sizes) await cloneDatabase(server, nameOf(size));
    const measured: Calls[] = [];
    for (const size of sizes) {
      const place = await openPlace(server, nameOf(size));
      places.push(place);
      measured.push(await prepareSize(place, generator, size));
    }
    const bySize = await compare(measured);
    const mentors: Calls[] = [];
    for (const length of historyLengths) mentors.push(await prepareHistory(places[1]!, generator, length));
    await places[1]!.owner.query("vacuum analyze");
    const byHistory = await compare(mentors);
    const text = [describeMachine(server.postgresVersion), bySize, byHistory, legend].join("\n\n");
    return { title: "Growth with history", text };
  } finally {
    generator.stop();
    for (const place of places) await place.close();
    await server.stop();
  }
}

const legend = `Times are those of an undisturbed call: one connection, the fastest twentieth of each short sample, the best of many samples
taken alternately. Ratios are to the first line: above 1 is slower. Target: flat within 20 %. A month of 31 days with 80 busy (first
table), of a mentor who is available around the clock (second); each booking takes another free hour.`;

/** The two calls that are compared, on one database or of one mentor. */
interface Calls {
  name: string;
  month: () => Promise<number>;
  book: () => Promise<number>;
}

function nameOf(size: number): string {
  return `past_${size}`;
}

async function cloneDatabase(server: BenchServer, name: string): Promise<void> {
  const admin = new pg.Client({ connectionString: server.urlsOf("postgres").ownerUrl });
  await admin.connect();
  await admin.query(`create database ${name} template matepeak`);
  await admin.end();
}

/** Many mentors who share the past, a month's screen of some of them, and free hours of others. */
async function prepareSize(place: Place, generator: Generator, size: number): Promise<Calls> {
  const screen: MonthScreen = await plantMonths(place, 50);
  const slots = await FreeSlots.prepare(place, 150, 200);
  await plantPast(place.owner, [...screen.mentors, ...slots.mentors], slots.students, size);
  await place.owner.query("vacuum analyze");
  const requests = screen.mentors.map((mentor) => rawRequest("GET", screen.monthPath(mentor)));
  return {
    name: `${size.toLocaleString("en")} past bookings of 200 mentors`,
    month: () => rateOf(generator, place.port, requests, "200"),
    book: () => rateOf(generator, place.port, slots.take(100), "201"),
  };
}

/** One mentor with such a past. */
async function prepareHistory(place: Place, generator: Generator, length: number): Promise<Calls> {
  const slots = await FreeSlots.prepare(place, 1, 200);
  await plantPast(place.owner, slots.mentors, slots.students, length);
  await place.owner.query("vacuum analyze");
  const [mentor] = slots.mentors;
  const { firstDate, lastDate } = slots.month();
  const path = `/api/v1/mentors/${mentor!.id}/slots?from=${firstDate}&to=${lastDate}&duration=60&timezone=Asia/Kolkata`;
  return {
    name: `a mentor with ${length.toLocaleString("en")} past bookings`,
    month: () => rateOf(generator, place.port, [rawRequest("GET", path)], "200"),
    // A mentor has only so many hours.
    book: () => rateOf(generator, place.port, slots.take(12), "201"),
  };
}

/** Answers in a second at the pace of the fastest twentieth. */
async function rateOf(
  generator: Generator,
  port: number,
  requests: string[],
  expected: string,
): Promise<number> {
  const limit = expected === "201" ? requests.length : Number.MAX_SAFE_INTEGER;
  const order = { port, requests, connections: 1, milliseconds: sampleMs, limit };
  const { low, statuses } = await generator.generate(order);
  if (Object.keys(statuses).join() !== expected) throw new Error(`Answers: ${JSON.stringify(statuses)}`);
  return 1000 / low;
}

async function compare(all: readonly Calls[]): Promise<string> {
  const contenders = all.flatMap(({ name, month, book }) => [
    { name: `${name} month`, sample: month },
    { name: `${name} book`, sample: book },
  ]);
  // Everything is warm before anything counts.
  for (let warm = 0; warm < 8; warm++) for (const { sample } of contenders) await sample();
  const best = await bestRates(contenders, perTableMs);
  const timesOf = (call: string) => all.map(({ name }) => 1e6 / best.get(`${name} ${call}`)!);
  const [months, books] = [timesOf("month"), timesOf("book")];
  const rows = all.map(({ name }, index) => [
    name,
    microseconds(months[index]!),
    ratio(months[index]! / months[0]!),
    microseconds(books[index]!),
    ratio(books[index]! / books[0]!),
  ]);
  return table(["", "GET a month", "ratio", "POST bookings", "ratio"], rows);
}
