import { anyone } from "../../server/platform/http/authority.ts";
import { openApi } from "../../server/testing/openApi.ts";
import { openTestProvider } from "../../server/testing/paymentProvider.ts";
import { openTestApp, type TestApp, type TestAppOptions } from "../../server/testing/testApp.ts";
import { openFingerprint } from "../fingerprint.ts";
import type { Finding, Prove, Scale } from "../proof.ts";
import { makeWorld, type World } from "../world.ts";
import { askRow, callers, leavesWorld, nothingSeen, routesOf, type Seen } from "./ask.ts";
import { type Row, rows, streams } from "./callerTable.ts";
import { type Reached, reachDirectly } from "./directly.ts";

export const authority: Prove = async (scale) => {
  const findings = await onApp(async (test) => {
    const startedAt = performance.now();
    const missing = compareRoutes(test);
    const declarations = compareDeclarations(test, rows);
    const seen = await askRows(test, routesThat(false));
    await onApp((paying) => askRows(paying, routesThat(true), seen), {
      payments: { provider: openTestProvider(), collecting: { feeBasisPoints: 1_000 } },
    });
    const seconds = ((performance.now() - startedAt) / 1000).toFixed(1);
    const reached = await reachDirectly(test, await makeWorld(test));
    return [...judge(seen, missing, declarations, seconds), ...judgeReached(reached)];
  });
  return { title: "Authorization", findings: [...findings, ...(await proveTwins(scale))], notes };
};

async function onApp<T>(play: (test: TestApp) => Promise<T>, options?: TestAppOptions): Promise<T> {
  const test = await openTestApp(options);
  try {
    return await play(test);
  } finally {
    await test.close();
  }
}

/** Routes without a row, and rows without a route. */
function compareRoutes(test: TestApp): string[] {
  const routes = routesOf(test);
  const known = [...Object.keys(rows), ...streams];
  return [
    ...routes.filter((route) => !known.includes(route)),
    ...known.filter((route) => !routes.includes(route)),
  ];
}

interface Declarations {
  /** Routes by the credentials that they declare, such as "session or bearer". */
  counts: Map<string, number>;
  /** Where the declaration and the visitor's answer in the table disagree. */
  wrong: string[];
}

/** Compares what each route declares (its `security` in the document) with what the table lets a visitor do. */
function compareDeclarations(test: TestApp, table: Record<string, Row>): Declarations {
  const { paths } = openApi(test);
  const counts = new Map<string, number>();
  const wrong: string[] = [];
  for (const [route, { may }] of Object.entries(table)) {
    const [method = "", path = ""] = route.split(" ");
    const security = paths[`/api/v1${path}`]?.[method.toLowerCase()]?.security;
    const kind = security?.map((one) => Object.keys(one).join()).join(" or ") ?? "not declared";
    counts.set(kind || "anyone", (counts.get(kind || "anyone") ?? 0) + 1);
    if (security === undefined || security.length > 0 !== (may[0] === 401)) wrong.push(`${route}: ${kind}`);
  }
  return { counts, wrong };
}

const routesThat = (pay: boolean) =>
  Object.keys(rows).filter((route) => (rows[route]?.pays ?? false) === pay);

async function askRows(test: TestApp, routes: readonly string[], seen = nothingSeen()): Promise<Seen> {
  const readPrint = await openFingerprint(test.db.owner);
  let shared: World | undefined;
  for (const route of routes) {
    const row = rows[route]!;
    const canShare = leavesWorld(route, row);
    const world = (canShare ? shared : undefined) ?? (await makeWorld(test));
    if (canShare) shared = world;
    await askRow(route, row, { test, world, readPrint, seen });
  }
  return seen;
}

function judge(
  seen: Seen,
  missing: readonly string[],
  { counts, wrong }: Declarations,
  seconds: string,
): Finding[] {
  const routes = Object.keys(rows).length;
  const finding = (promise: string, count: string, faults: readonly string[]): Finding => ({
    promise,
    figure: `${count} · ${few(faults)}`,
    holds: faults.length === 0,
  });
  return [
    finding(
      "Every route of the OpenAPI document has a row in the table, and every row has a route",
      `${routes} rows, ${streams.length} streams`,
      missing,
    ),
    finding(
      "Every route declares who may call it, and a visitor gets 401 from all but those open to anyone",
      Array.from(counts, ([kind, count]) => `${count} ${kind}`).join(", "),
      wrong,
    ),
    finding(
      "Every caller gets the answer in the table, in the shape of the contract",
      `${routes} routes × ${callers.length} callers in ${seconds} s, ${seen.refused} of ${seen.asked} refused`,
      seen.wrong,
    ),
    finding("A refused call changes no row of any table", `${seen.refused} refusals`, seen.storing),
    finding(
      "Callers outside a booking never learn who its student is",
      `${seen.foreign} answers`,
      seen.leaks,
    ),
    finding("A link to one booking gives access to no other", `${seen.withLink} routes`, seen.openedByLink),
    finding(
      "No caller can set a field that the document does not name (status, price, currency, role, verified, …)",
      `${seen.sentFields} fields in valid bodies`,
      seen.settable,
    ),
  ];
}

function judgeReached({ attempts, reached, policies, unnoticed }: Reached): Finding[] {
  return [
    {
      promise: "A signed-in stranger with direct database access reaches no other person's data",
      figure: `${attempts} attempts: every granted select, insert, update and delete on each table · ${few(reached)}`,
      holds: reached.length === 0,
    },
    {
      promise: 'with any one of the policies weakened to "true", the stranger reaches some data',
      figure: `${policies} policies, one at a time · ${unnoticed.length === 0 ? "each noticed" : `not noticed: ${unnoticed.join(", ")}`}`,
      holds: policies > 0 && unnoticed.length === 0,
      twin: true,
    },
  ];
}

function few(faults: readonly string[]): string {
  return faults.length === 0
    ? "no exception"
    : `${faults.length} exceptions: ${faults.slice(0, 3).join(" | ")}`;
}

interface Weakened {
  table: string;
  policy: string;
  /** Rows that must go red. */
  routes: readonly string[];
  onlyLong?: true;
}

const weakened: readonly Weakened[] = [
  {
    table: "bookings",
    policy: "bookings_read_party",
    routes: ["GET /bookings/{booking_id}", "GET /bookings/{booking_id}/calendar.ics"],
  },
  {
    table: "time_requests",
    policy: "time_requests_read_party",
    routes: ["GET /time-requests/{request_id}", "POST /time-requests/{request_id}/accept"],
    onlyLong: true,
  },
];

async function proveTwins(scale: Scale): Promise<Finding[]> {
  const documented = async (test: TestApp) => [proveNewRoute(test), proveWrongDeclaration(test)];
  const findings = await onApp(documented, { extend: newRoute });
  for (const { table, policy, routes } of weakened.filter(({ onlyLong }) => scale === "long" || !onlyLong)) {
    findings.push(
      await onApp(async (test) => {
        await test.db.owner.query(`alter policy ${policy} on ${table} using (true)`);
        const { wrong, leaks, asked } = await askRows(test, routes);
        const red = new Set([...wrong, ...leaks]).size;
        const promise = `with the policy ${policy} of ${table} weakened to "using (true)", other people see or change rows`;
        return { promise, figure: `${red} of ${asked} answers are wrong`, holds: red > 0, twin: true };
      }),
    );
  }
  return findings;
}

const newRoute: TestAppOptions["extend"] = (app) =>
  app.get("/api/v1/twin", { preHandler: anyone }, async () => "");

function proveNewRoute(test: TestApp): Finding {
  const missing = compareRoutes(test);
  const promise = "a new route without a row is detected";
  return { promise, figure: missing.join(), holds: missing.join() === "GET /twin", twin: true };
}

function proveWrongDeclaration(test: TestApp): Finding {
  const { wrong } = compareDeclarations(test, {
    "GET /me": { ...rows["GET /me"]!, may: rows["GET /session"]!.may },
  });
  const promise = "a route whose declaration and row disagree is detected";
  return { promise, figure: wrong.join(), holds: wrong.length === 1, twin: true };
}

const notes = `A booking, its request, review and note belong to one student and one mentor. Each route is called by a visitor, that
student, another student, that mentor and another mentor, with new data after each change, and the table lists the answer for each.
Streams are left out, because they do not end. Most routes filter by owner as well, so a weakened policy shows in few of
them; the last rows therefore try each policy in the database itself: as the person, table by table, with all triggers off,
in a transaction that is rolled back.`;
