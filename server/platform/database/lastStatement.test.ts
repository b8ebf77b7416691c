import { afterAll, beforeAll, beforeEach, expect, it } from "vitest";
import { openTestDatabase, type TestDatabase } from "../../testing/testDatabase.ts";

let db: TestDatabase;
const person = "00000000-0000-4000-8000-000000000001";
const announced: string[] = [];
beforeAll(async () => {
  db = await openTestDatabase();
  await db.owner.query("insert into auth.users (id, name, email) values ($1, 'Asha', 'asha@example.com')", [
    person,
  ]);
  await db.owner.query("insert into profiles (id, full_name) values ($1, 'Asha Rao')", [person]);
  await db.owner.query(
    `create function private.rename(wanted text) returns void language sql security definer as $$
       update public.profiles set full_name = wanted where id = auth.uid();
       select private.notify_person(auth.uid(), 'bookings') $$;
     grant execute on function private.rename(text) to authenticated`,
  );
  db.database.onAnnouncement((channel, payload) => void announced.push(`${channel} ${payload}`));
});
beforeEach(() => {
  announced.length = 0;
});
afterAll(() => db.drop());

const rename = "select private.rename($1)";
const nameOf = async () =>
  (await db.owner.query("select full_name from profiles where id = $1", [person])).rows[0].full_name;
const isLocked = () =>
  db.owner.query("select from profiles where id = $1 for update nowait", [person]).then(
    () => false,
    (error) => error.code === "55P03",
  );

it("nothing is locked any more once the last statement has an answer", async () => {
  await db.database.asUser(person, async ({ last }) => {
    await last.client.query(rename, ["Last"]);
    await expect.poll(isLocked).toBe(false);
  });
  expect(await nameOf()).toBe("Last");
  expect(announced).toEqual([`person ${person} bookings`]);
});

it("another statement keeps its locks until the work has ended (twin)", async () => {
  await db.database.asUser(person, async ({ client }) => {
    await client.query(rename, ["Another"]);
    expect(await isLocked()).toBe(true);
  });
});

it("a typed statement can be the last one, behind others that are sent with it", async () => {
  const row = await db.database.asUser(person, async (tx) => {
    const [, found] = await Promise.all([
      tx.client.query(rename, ["Typed"]),
      tx.last.db.selectFrom("profiles").select("full_name").where("id", "=", person).executeTakeFirst(),
    ]);
    await expect.poll(isLocked).toBe(false);
    return found;
  });
  expect(row).toEqual({ full_name: "Typed" });
});

it("nothing is committed if it fails, or one that was sent before it", async () => {
  const before = await nameOf();
  const failing = db.database.asUser(person, async (tx) => {
    await tx.client.query(rename, ["Never"]);
    await tx.last.client.query("select 1 / 0");
  });
  await expect(failing).rejects.toMatchObject({ code: "22012" });
  const failingBefore = db.database.asUser(person, (tx) =>
    Promise.all([tx.client.query("select 1 / 0"), tx.last.client.query(rename, ["Never"])]),
  );
  await expect(failingBefore).rejects.toMatchObject({ code: "22012" });
  expect(await nameOf()).toBe(before);
  expect(announced).toEqual([]);
});

it("what the work throws afterwards undoes nothing, and the change is announced", async () => {
  const throwing = db.database.asUser(person, async (tx) => {
    await tx.last.client.query(rename, ["Kept"]);
    throw new Error("afterwards");
  });
  await expect(throwing).rejects.toThrow("afterwards");
  expect(await nameOf()).toBe("Kept");
  expect(announced).toEqual([`person ${person} bookings`]);
});

it("is the last one: nothing can be sent behind it", async () => {
  await db.database.asUser(person, async (tx) => {
    expect(() => tx.last.last).toThrow("one last statement");
    await tx.last.client.query("select 1");
    const behind = "A statement behind the last one";
    expect(() => tx.client.query("select 1")).toThrow(behind);
    expect(() => tx.last.client.query("select 1")).toThrow(behind);
    await expect(tx.db.selectFrom("profiles").select("id").execute()).rejects.toThrow(behind);
  });
  // The connection serves the next transaction.
  expect(await db.database.asUser(person, ({ client }) => client.query("select 1 as one"))).toMatchObject({
    rows: [{ one: 1 }],
  });
});

it("is retried with its transaction after a serialization failure", async () => {
  let attempts = 0;
  await db.database.asUser(person, async (tx) => {
    attempts += 1;
    const fail = "do $$ begin raise exception 'again' using errcode = '40001'; end $$";
    await tx.last.client.query(attempts === 1 ? fail : "select 1");
  });
  expect(attempts).toBe(2);
});
