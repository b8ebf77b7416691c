import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, expect, it } from "vitest";
import { ownBusyTimes } from "#contract/calendarConnections.ts";
import { addMs, DAY_MS, HOUR_MS } from "#scheduling/units.ts";
import { systemClock } from "../../platform/clock.ts";
import { runJobs, runTask } from "../../testing/jobs.ts";
import { openTestApp, type Person, type TestApp, testSecret } from "../../testing/testApp.ts";
import { type Connecting, openConnecting } from "../connectionKinds.ts";
import { listedCalendars, syncNext } from "../sync.ts";
import { openCalendars } from "./testing/openCalendars.ts";

const publicUrl = "https://matepeak.example";
const { server, provider, signIn } = await openCalendars();
const calendar = "AAMkAG=default";
let test: TestApp;
let connecting: Connecting;
let person: Person;
let connection: string;

beforeAll(async () => {
  const opened = openConnecting({ authSecret: testSecret, publicUrl });
  connecting = { ...opened, providers: { ...opened.providers, microsoft: provider } };
  test = await openTestApp({ connecting, publicUrl });
  const address = await test.listen();
  server.serveAt((url) => url.replace(publicUrl, address));
  [person] = (await test.signUpCrowd(1)) as [Person];
  connection = await connect(person);
  await sync();
});
afterAll(async () => {
  await test.close();
  await server.close();
});

const sync = (with_ = connecting) => runTask(test.db, "sync_calendars", {}, { connecting: with_ });

/** As after signing in at Microsoft. */
async function connect({ id: owner }: Person): Promise<string> {
  const id = randomUUID();
  const login = signIn();
  const calendars = await provider.listCalendars(login, AbortSignal.timeout(10_000));
  await test.db.owner.query(
    "select private.connect_calendars($1, $2, 'microsoft', 'M', null, $3, $4, null, $5, null)",
    [id, owner, login.username, connecting.logins.seal(login.secret, id), listedCalendars(calendars)],
  );
  return id;
}

interface Row {
  push_channel: string | null;
  push_ends_at: Date | null;
  push_due_at: Date | null;
}
async function channelOf(remoteId = calendar, of = connection): Promise<Row> {
  const { rows } = await test.db.owner.query<Row>(
    "select push_channel, push_ends_at, push_due_at from connected_calendars where connection_id = $1 and remote_id = $2",
    [of, remoteId],
  );
  if (!rows[0]) throw new Error("There is no such calendar.");
  return rows[0];
}
async function subscriptionOf(remoteId = calendar) {
  const found = server.subscriptions.get((await channelOf(remoteId)).push_channel ?? "");
  if (!found) throw new Error("There is no subscription.");
  return found;
}
const setChannel = (set: string) =>
  test.db.owner.query(`update connected_calendars set ${set} where connection_id = $1`, [connection]);
const setConnection = (set: string) =>
  test.db.owner.query(`update calendar_connections set ${set} where id = $1`, [connection]);
async function isDue(): Promise<boolean> {
  const { rows } = await test.db.owner.query<{ is_due: boolean }>(
    "select sync_due_at <= now() as is_due from calendar_connections where id = $1",
    [connection],
  );
  return rows[0]?.is_due ?? false;
}
const busy = async () => {
  const query = new URLSearchParams({
    start: new Date().toISOString(),
    end: new Date(addMs(systemClock(), 30 * DAY_MS)).toISOString(),
  });
  return (await person.call("GET", `/me/busy-times?${query}`)).read(ownBusyTimes).data.length;
};
const soon = (hours: number) => {
  const dateTime = new Date(addMs(systemClock(), hours * HOUR_MS)).toISOString().replace(/\.\d+Z$/, "");
  return { dateTime, timeZone: "UTC" };
};
const push = "/calendar-push/microsoft";

it("calendars that count as busy are watched, for three days, and with secrets of their own", async () => {
  expect(server.subscriptions.size).toBe(2);
  const subscription = await subscriptionOf();
  expect(subscription).toMatchObject({
    notificationUrl: `${publicUrl}/api/v1/calendar-push/microsoft`,
    lifecycleNotificationUrl: `${publicUrl}/api/v1/calendar-push/microsoft`,
    resource: `me/calendars/${calendar}/events`,
  });
  expect(subscription.clientState).toMatch(/^[\w-]{43}$/);
  expect((await subscriptionOf("AAMkAG=team")).clientState).not.toBe(subscription.clientState);
  const { push_ends_at: endsAt, push_due_at: dueAt } = await channelOf();
  expect((endsAt?.getTime() ?? 0) - Date.now()).toBeGreaterThan(2.9 * DAY_MS);
  expect((dueAt?.getTime() ?? 0) - Date.now()).toBeGreaterThan(1.4 * DAY_MS);
  expect((dueAt?.getTime() ?? 0) - Date.now()).toBeLessThan(1.5 * DAY_MS);
  expect((await channelOf("AAMkAG=holidays")).push_channel).toBeNull();
});

it("Microsoft's question is answered with its own text, as text, whatever is in it", async () => {
  const token = '<script>alert(1)</script> &+"ü';
  const answer = await test.visitor("POST", `${push}?validationToken=${encodeURIComponent(token)}`, "", {
    "content-type": "text/plain; charset=utf-8",
  });
  answer.expect(200);
  expect(answer.headers["content-type"]).toBe("text/plain; charset=utf-8");
  expect(answer.headers["x-content-type-options"]).toBe("nosniff");
  expect(answer.text).toBe(token);
  (await test.visitor("POST", `${push}?validationToken=${"x".repeat(4001)}`)).problem("validation_failed");
});

it("a report makes the connection due now, and the change is read", async () => {
  const before = await busy();
  server.add(calendar, { start: soon(30), end: soon(31) });
  expect(await isDue()).toBe(false);
  expect(await server.push(await subscriptionOf())).toBe(202);
  expect(await isDue()).toBe(true);
  await sync();
  expect(await busy()).toBe(before + 1);
  // Once more is no harm: there is nothing to read.
  for (let again = 0; again < 3; again++) await server.push(await subscriptionOf());
  await sync();
  expect(await busy()).toBe(before + 1);
});

it("what is forged, of another subscription, or of none has no effect, and learns nothing", async () => {
  await sync();
  const subscription = await subscriptionOf();
  const other = await subscriptionOf("AAMkAG=team");
  for (const forged of [
    () => server.push(subscription, "guessed"),
    () => server.push(subscription, ""),
    () => server.push(subscription, other.clientState),
    () => server.push({ ...subscription, id: randomUUID() }),
    () => server.pushLifecycle(subscription, "reauthorizationRequired", "guessed"),
  ])
    expect(await forged()).toBe(202);
  expect(await isDue()).toBe(false);
  expect((await channelOf()).push_due_at).not.toBeNull();
  for (const [body, status] of [
    [{}, 400],
    [{ value: "x" }, 400],
    [{ value: [1, null, {}] }, 202],
  ] as const)
    expect((await test.visitor("POST", push, body)).status).toBe(status);
  (await test.visitor("POST", push, "not json")).problem("webhook_refused");
  (await test.visitor("POST", push)).problem("webhook_refused");
  expect(await isDue()).toBe(false);
});

it("a report during a read is not lost", async () => {
  await setConnection("sync_due_at = now()");
  const subscription = await subscriptionOf();
  let pushed = 0;
  const slow: Connecting = {
    ...connecting,
    providers: {
      ...connecting.providers,
      microsoft: {
        ...provider,
        readBusy: async (...given) => {
          const changes = await provider.readBusy(...given);
          if (pushed++ === 0) await server.push(subscription);
          return changes;
        },
      },
    },
  };
  const syncing = { database: test.db.database, now: systemClock, ...slow, onFault: () => undefined };
  expect(await syncNext(syncing, connection)).toBe("done");
  expect(await isDue()).toBe(true);
  expect(await syncNext(syncing, connection)).toBe("done");
  expect(await isDue()).toBe(false);
});

it("a report does not hurry a provider that has failed", async () => {
  await setConnection("sync_due_at = now()");
  server.misbehave("too_many_before", /^GET/);
  await sync();
  await server.push(await subscriptionOf());
  expect(await isDue()).toBe(false);
  await setConnection("sync_due_at = now()");
  await sync();
});

it("a channel is renewed in the middle of its life, and stays what it is", async () => {
  const before = await subscriptionOf();
  await setChannel("push_due_at = now(), push_ends_at = now() + interval '1 day'");
  await setConnection("sync_due_at = now()");
  await sync();
  const { push_channel, push_ends_at } = await channelOf();
  expect(push_channel).toBe(before.id);
  expect((push_ends_at?.getTime() ?? 0) - Date.now()).toBeGreaterThan(2.9 * DAY_MS);
  await server.push(before);
  expect(await isDue()).toBe(true);
  await sync();
});

it("a channel that is gone is opened again, and the former secret ends", async () => {
  const before = await subscriptionOf();
  server.subscriptions.delete(before.id);
  await setChannel("push_due_at = now()");
  await setConnection("sync_due_at = now()");
  await sync();
  const after = await subscriptionOf();
  expect(after.id).not.toBe(before.id);
  // What was on its way.
  await server.push(before);
  await server.push(after, before.clientState);
  expect(await isDue()).toBe(false);
});

it.each([
  ["reauthorizationRequired", "same"],
  ["missed", "same"],
  ["subscriptionRemoved", "new"],
] as const)("%s: the calendars are read, and the channel goes on as the %s one", async (event, which) => {
  await setChannel("push_ends_at = now() + interval '1 day'");
  const before = await subscriptionOf();
  expect(await server.pushLifecycle(before, event)).toBe(202);
  expect(await isDue()).toBe(true);
  await sync();
  const after = await channelOf();
  expect(after.push_channel === before.id ? "same" : "new").toBe(which);
  const isRenewed = (after.push_ends_at?.getTime() ?? 0) - Date.now() > 2 * DAY_MS;
  expect(isRenewed).toBe(event !== "missed");
  expect(server.subscriptions.get(after.push_channel ?? "")).toBeDefined();
});

it("a calendar that no longer counts is no longer watched", async () => {
  const team = await subscriptionOf("AAMkAG=team");
  await test.db.owner.query(
    "update connected_calendars set counts_as_busy = false, push_due_at = now() where push_channel = $1",
    [team.id],
  );
  await setConnection("sync_due_at = now()");
  await sync();
  expect((await channelOf("AAMkAG=team")).push_channel).toBeNull();
  expect(server.subscriptions.has(team.id)).toBe(false);
});

it("after disconnecting, and after its owner's account is deleted, nothing is reported any more", async () => {
  const soonDue =
    "update graphile_worker._private_jobs set run_at = now() where run_at > now() + interval '50 seconds'";
  const end: ((one: Person, id: string) => Promise<unknown>)[] = [
    async (one, id) => (await one.call("DELETE", `/me/calendar-connections/${id}`)).expect(204),
    (one) => test.db.owner.query("delete from auth.users where id = $1", [one.id]),
  ];
  const before = server.subscriptions.size;
  for (const endOne of end) {
    const [other] = (await test.signUpCrowd(1)) as [Person];
    const id = await connect(other);
    await sync();
    expect(server.subscriptions.size).toBe(before + 2);
    await endOne(other, id);
    await test.db.owner.query(soonDue);
    server.misbehave("fail_before", /^DELETE/);
    await expect(runJobs(test.db, { connecting })).rejects.toThrow("failing");
    await test.db.owner.query("update graphile_worker._private_jobs set run_at = now()");
    await runJobs(test.db, { connecting });
    expect(server.subscriptions.size).toBe(before);
  }
});

it("an app that Microsoft does not reach is read as ever, and asks again an hour later", async () => {
  const [other] = (await test.signUpCrowd(1)) as [Person];
  server.serveAt(() => "http://127.0.0.1:1/");
  const unwatched = await connect(other);
  await sync();
  const { push_channel, push_due_at } = await channelOf(calendar, unwatched);
  expect(push_channel).toBeNull();
  expect((push_due_at?.getTime() ?? 0) - Date.now()).toBeGreaterThan(0.9 * HOUR_MS);
  const { rows } = await test.db.owner.query(
    "select problem, failures from calendar_connections where id = $1",
    [unwatched],
  );
  expect(rows).toEqual([{ problem: null, failures: 0 }]);
});

it("an app without https is not watched for", async () => {
  const asked = server.calls.length;
  const local = {
    ...connecting,
    ...openConnecting({ authSecret: testSecret, publicUrl: "http://localhost" }),
  };
  await setChannel("push_due_at = now()");
  await setConnection("sync_due_at = now()");
  await sync({ ...local, providers: connecting.providers });
  const paths = server.calls.slice(asked).map(({ path }) => path[0]);
  expect(paths).not.toContain("subscriptions");
  expect(paths).toContain("me");
});
