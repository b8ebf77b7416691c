import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openTestDatabase, type TestDatabase } from "../../server/testing/testDatabase.ts";

let db: TestDatabase;
beforeAll(async () => {
  db = await openTestDatabase();
});
afterAll(() => db.drop());

/** Every quarter of an hour of some local days, as `YYYY-MM-DDTHH:MM`. */
function quarters(days: string[]): string[] {
  return days.flatMap((day) =>
    Array.from({ length: 96 }, (_, index) =>
      Temporal.PlainDateTime.from(day)
        .add({ minutes: 15 * index })
        .toString({ smallestUnit: "minute" }),
    ),
  );
}

async function instantsOf(zone: string, walls: string[]): Promise<number[]> {
  const { rows } = await db.owner.query<{ at: number }>(
    `select (extract(epoch from private.instant_of(left(wall, 10)::date, right(wall, 5), $1)) * 1000)::float8 as at
     from unnest($2::text[]) with ordinality walls (wall, place) order by place`,
    [zone, walls],
  );
  return rows.map(({ at }) => at);
}

const compatible = (zone: string, wall: string) =>
  Temporal.PlainDateTime.from(wall).toZonedDateTime(zone, { disambiguation: "compatible" }).epochMilliseconds;

describe("instant_of takes a skipped or repeated hour as Temporal's `compatible` does", () => {
  it.each([
    ["America/New_York", ["2026-03-08", "2026-11-01"]],
    ["Europe/London", ["2026-03-29", "2026-10-25"]],
    // Half an hour only.
    ["Australia/Lord_Howe", ["2026-04-05", "2026-10-04"]],
    // Two hours.
    ["Antarctica/Troll", ["2026-03-29", "2026-10-25"]],
    // At midnight.
    ["America/Santiago", ["2026-04-04", "2026-04-05", "2026-09-05", "2026-09-06"]],
    // A whole day left out.
    ["Pacific/Apia", ["2011-12-29", "2011-12-30", "2011-12-31"]],
    // No changes at all, and an odd offset.
    ["Asia/Kathmandu", ["2026-03-29"]],
  ])("%s", async (zone, days) => {
    const walls = quarters(days);
    expect(await instantsOf(zone, walls)).toEqual(walls.map((wall) => compatible(zone, wall)));
  });

  it("unlike PostgreSQL itself, which takes a repeated hour the second time", async () => {
    const { rows } = await db.owner.query<{ plain: Date; ours: Date }>(
      `select timestamp '2026-11-01 01:30' at time zone 'America/New_York' as plain,
         private.instant_of('2026-11-01', '01:30', 'America/New_York') as ours`,
    );
    expect(rows).toEqual([
      { plain: new Date("2026-11-01T06:30:00Z"), ours: new Date("2026-11-01T05:30:00Z") },
    ]);
  });
});

describe("a time zone", () => {
  async function accepted(names: string[]): Promise<string[]> {
    const { rows } = await db.owner.query<{ name: string }>(
      "select name from unnest($1::text[]) name where private.is_timezone(name)",
      [names],
    );
    return rows.map(({ name }) => name);
  }

  it("is any that a browser may report", async () => {
    const names = [...Intl.supportedValuesOf("timeZone"), "UTC", "GMT", "Etc/GMT+5", "asia/kolkata"];
    expect(await accepted(names)).toEqual(names);
  });

  it("is nothing that only PostgreSQL can compute with", async () => {
    const names = [
      "IST",
      "PST",
      "EDT",
      "Nowhere+5",
      "Foo/Bar+5",
      "<+05>-5",
      "Etc/GMT+99",
      "posix/Asia/Kolkata",
    ];
    expect(await accepted(names)).toEqual([]);
    const { rows } = await db.owner.query("select now() at time zone 'Nowhere+5' is not null as computed");
    expect(rows).toEqual([{ computed: true }]);
  });

  it("is nothing unknown", async () => {
    expect(await accepted(["", " ", "Mars/Olympus", "+05:30", "Asia/../Asia/Kolkata", "localtime"])).toEqual(
      [],
    );
  });
});
