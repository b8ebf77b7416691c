import { z } from "zod";
import { bookingLink } from "#contract/bookings.ts";
import type { Answer } from "../../server/testing/answer.ts";
import { openApi } from "../../server/testing/openApi.ts";
import { type Call, callWith, type Method, type TestApp } from "../../server/testing/testApp.ts";
import type { World } from "../world.ts";
import { type Ask, nothing, type Row } from "./callerTable.ts";

export const callers = ["visitor", "student", "other student", "mentor", "other mentor"] as const;

export interface Seen {
  asked: number;
  /** Responses whose status or shape is not that of the row. */
  wrong: string[];
  refused: number;
  /** Refusals that changed the database. */
  storing: string[];
  foreign: number;
  /** Responses that name the student to people who are not a party to the booking. */
  leaks: string[];
  withLink: number;
  /** Routes where a link to one booking opened another one. */
  openedByLink: string[];
  sentFields: number;
  /** Fields that are not in the document and were accepted. */
  settable: string[];
}

export const nothingSeen = (): Seen => ({
  asked: 0,
  wrong: [],
  refused: 0,
  storing: [],
  foreign: 0,
  leaks: [],
  withLink: 0,
  openedByLink: [],
  sentFields: 0,
  settable: [],
});

/** Returns the routes of the app's OpenAPI document as the table names them: "GET /bookings/{booking_id}". */
export function routesOf(test: TestApp): string[] {
  return Object.entries(openApi(test).paths).flatMap(([path, operations]) =>
    Object.keys(operations).map((method) => `${method.toUpperCase()} ${path.replace("/api/v1", "")}`),
  );
}

export interface Asking {
  test: TestApp;
  world: World;
  /** From openFingerprint(). */
  readPrint: () => Promise<string>;
  seen: Seen;
}

const methodOf = (route: string) => route.split(" ")[0] as Method;
const changesNothing = (route: string, status: number) => methodOf(route) === "GET" || status >= 400;

/** Whether no caller of a row changes anything, so that the next row can have the same people. */
export function leavesWorld(route: string, { may }: Row): boolean {
  return may.every((status) => changesNothing(route, status));
}

interface Request {
  route: string;
  row: Row;
  /** The path and body, about things that are made at first and again after an answer that may have used them up. */
  make: () => Promise<Ask>;
  send: (call: Call, ask: Ask) => Promise<Answer>;
}

function requestOf(route: string, row: Row, world: World): Request {
  let made: Promise<Ask> | undefined;
  return {
    route,
    row,
    make: () => {
      made ??= Promise.resolve(row.ask(world));
      return made;
    },
    send: async (call, [path, body]) => {
      const answer = await call(methodOf(route), path, body);
      if (!changesNothing(route, answer.status)) made = undefined;
      return answer;
    },
  };
}

/** Sends the request of one row as each caller. */
export async function askRow(route: string, row: Row, asking: Asking): Promise<void> {
  const { test, world, readPrint, seen } = asking;
  const calls: Call[] = [
    test.visitor,
    world.student.call,
    world.stranger.call,
    world.mentor.call,
    world.otherMentor.call,
  ];
  const request = requestOf(route, row, world);
  await askWithForeignLink(request, asking);
  await sendUnknownFields(request, asking);
  // What the database holds since the last refusal.
  let before: string | undefined;
  for (const [index, status] of row.may.entries()) {
    const ask = await request.make();
    if (status >= 400) before ??= await readPrint();
    const answer = await request.send(calls[index]!, ask);
    const where = `${route} as ${callers[index]}`;
    seen.asked++;
    seen.wrong.push(...faultsOf(answer, status, row).map((fault) => `${where}: ${fault}`));
    if (answer.status >= 400) {
      seen.refused++;
      const after = await readPrint();
      if (before !== undefined && after !== before) seen.storing.push(where);
      before = after;
      continue;
    }
    before = undefined;
    if (index === 1 || index === 3) continue;
    seen.foreign++;
    if (namesStudent(answer, world)) seen.leaks.push(where);
  }
}

function faultsOf(answer: Answer, status: number, { shape }: Row): string[] {
  try {
    answer.expect(status);
    if (status >= 400) answer.problem();
    else if (shape instanceof z.ZodString || shape === nothing) shape.parse(answer.text);
    else answer.read(shape);
    return [];
  } catch (error) {
    return [String(error instanceof Error ? error.message : error).slice(0, 300)];
  }
}

function namesStudent({ text }: Answer, { student }: World): boolean {
  return text.includes(student.id) || text.includes(student.email);
}

/** A visitor with a link to one booking is a visitor everywhere else. */
async function askWithForeignLink(
  { route, make, send }: Request,
  { test, world, seen }: Asking,
): Promise<void> {
  if (!route.includes("{booking_id}")) return;
  const { id } = await world.booking();
  const { url } = (await world.student.call("POST", `/bookings/${id}/link`)).read(bookingLink);
  const holder = callWith(test.app, { "booking-link": url.split("#")[1] ?? "" });
  const answer = await send(holder, await make());
  seen.withLink++;
  if (answer.status < 400) seen.openedByLink.push(`${route}: ${answer.status}`);
}

const unknownFields = {
  id: "00000000-0000-4000-8000-000000000000",
  user_id: "00000000-0000-4000-8000-000000000000",
  status: "completed",
  price: 1,
  currency: "USD",
  verified: true,
  role: "admin",
  created_at: "2020-01-01T00:00:00Z",
  occupancy_id: null,
};

/** Sends all fields that no client may set in a valid body, as a caller who may send that body. Each is to be named. */
async function sendUnknownFields(
  { route, row, make, send }: Request,
  { test, world, seen }: Asking,
): Promise<void> {
  const [method, path] = route.split(" ") as [Method, string];
  const operation = openApi(test).paths[`/api/v1${path}`]?.[method.toLowerCase()];
  const schema = operation?.requestBody?.content["application/json"]?.schema;
  if (!schema) return;
  const named = JSON.stringify(schema);
  const people = [world.student.call, world.mentor.call];
  const allowed = [row.may[1], row.may[3]].findIndex((status) => status < 300);
  const call = people[allowed];
  if (!call) return;
  const fields = Object.entries(unknownFields).filter(([field]) => !named.includes(`"${field}":`));
  const [address, body] = await make();
  const answer = await send(call, [address, { ...(body as object), ...Object.fromEntries(fields) }]);
  const blamed = answer.status === 422 ? (answer.problem().errors ?? []).map((error) => error.field) : [];
  for (const [field] of fields) {
    seen.sentFields++;
    if (!blamed.includes(field)) seen.settable.push(`${route}: ${field}, answered ${answer.status}`);
  }
}
