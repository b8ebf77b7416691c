import { describe, expect, it } from "vitest";
import { StartJudge, VERDICTS } from "./startJudge.ts";
import { mentor, open, session } from "./testing/examples.ts";
import { addMs, asMinutes, DAY_MS, MINUTE_MS, parseInstant } from "./units.ts";

/** The verdicts on single starts. */
function verdictsOn(judge: StartJudge, asked: readonly number[]) {
  const codes: number[] = [];
  for (const start of asked) judge.judgeGrid(start, start + 1, 1, { starts: [], codes });
  return codes.map((code) => VERDICTS[code]);
}

describe("StartJudge", () => {
  const schedule = mentor({
    timezone: "UTC",
    windows: [open("2026-03-04", "09:00-12:00")],
    buffer_after: asMinutes(15),
  });
  const from = parseInstant("2026-03-04T00:00Z");
  const until = addMs(from, DAY_MS);
  const query = { from, until, duration: asMinutes(60), now: from };
  const at = (time: string) => parseInstant(`2026-03-04T${time}Z`);

  it("judges any ascending starts, on a grid or not", () => {
    const judge = new StartJudge(schedule, [session("2026-03-04T10:10Z", 30)], query, from, until, true);
    const asked = ["08:59", "09:00", "09:05", "09:10", "10:39", "10:40", "11:00", "11:01", "12:00"];
    expect(verdictsOn(judge, asked.map(at))).toEqual([
      "outside_hours",
      "buffer",
      "buffer",
      "buffer",
      "taken",
      "free",
      "free",
      "outside_hours",
      "outside_hours",
    ]);
  });

  it("returns only `taken` without `explain`", () => {
    const judge = new StartJudge(schedule, [session("2026-03-04T10:10Z", 30)], query, from, until, false);
    expect(verdictsOn(judge, [at("09:05")])).toEqual(["taken"]);
  });

  it("looks at overlapping and unsorted occupancies as one", () => {
    const taken = [
      session("2026-03-04T11:00Z", 60),
      session("2026-03-04T09:00Z", 90),
      session("2026-03-04T09:15Z", 15),
    ];
    const judge = new StartJudge(
      { ...schedule, buffer_after: asMinutes(0) },
      taken,
      { ...query, duration: asMinutes(30) },
      from,
      until,
      true,
    );
    expect(verdictsOn(judge, ["09:30", "10:00", "10:30", "10:31"].map(at))).toEqual([
      "taken",
      "taken",
      "free",
      "taken",
    ]);
  });

  it("finds a session that can be joined in the middle of a grid that is otherwise taken", () => {
    const group = session("2026-03-04T10:00Z", 60, { serviceId: "yoga", capacity: 2 });
    const yoga = { ...query, serviceId: "yoga" };
    const judge = new StartJudge(
      { ...schedule, buffer_after: asMinutes(0) },
      [group],
      yoga,
      from,
      until,
      false,
    );
    const starts: number[] = [];
    judge.judgeGrid(at("09:00"), at("12:00"), 30 * MINUTE_MS, { starts, codes: null });
    expect(starts).toEqual([at("09:00"), at("10:00"), at("11:00")]);
  });

  it("lets an empty time take nothing, whatever the buffers", () => {
    const empty = session("2026-03-04T10:00Z", 0);
    const judge = new StartJudge(schedule, [empty], query, from, until, false);
    expect(verdictsOn(judge, [at("09:30")])).toEqual(["free"]);
  });
});
