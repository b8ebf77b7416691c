import { describe, expect, it } from "vitest";
import { epochDay } from "./dates.ts";
import { dayReason } from "./explain.ts";
import { judgeSlots, type Schedule } from "./slots.ts";
import { PROVE_RUNS, proveInEveryZone } from "./testing/comparison.ts";
import { mentor, open } from "./testing/examples.ts";
import type { Scenario } from "./testing/scenarios.ts";
import { asMinutes, epochMs, MINUTE_MS, parseInstant } from "./units.ts";
import { validUntil } from "./validity.ts";
import { localDayAt, startOfDay } from "./zonedTime.ts";

const TIMEOUT = 120_000 + PROVE_RUNS * 50;
const HORIZON = 10 * MINUTE_MS;

/** Every verdict on the range at an instant, and the reason of each day without a free start. */
function verdictsAt(
  { schedule, taken, query }: Omit<Scenario, "otherStarts">,
  viewerZone: string,
  now: number,
) {
  const reasons: string[] = [];
  for (let from = query.from; from < query.until; ) {
    const until = startOfDay(viewerZone, epochDay(localDayAt(viewerZone, from) + 1));
    const bounds = { from, until };
    const judged = judgeSlots(schedule, taken, { ...query, ...bounds, now: epochMs(now) });
    reasons.push(
      dayReason(schedule, new Set(judged.map(({ verdict }) => verdict)), { ...bounds, now: epochMs(now) }),
    );
    from = until;
  }
  return { reasons, judged: judgeSlots(schedule, taken, { ...query, now: epochMs(now) }) };
}

describe("verdicts on starts", () => {
  it(
    "stay the same up to the returned instant, in every zone",
    () => {
      expect.hasAssertions();
      proveInEveryZone(PROVE_RUNS / 4, ({ schedule, taken, query: asked }) => {
        for (const viewerZone of [schedule.timezone, "America/St_Johns"]) {
          const query = {
            ...asked,
            from: startOfDay(viewerZone, localDayAt(viewerZone, asked.from)),
            until: startOfDay(viewerZone, epochDay(localDayAt(viewerZone, asked.until) + 1)),
          };
          const scenario = { schedule, taken, query };
          const last = validUntil(schedule, taken, query, viewerZone, epochMs(query.now + HORIZON));
          expect(last).toBeGreaterThanOrEqual(query.now);
          expect(last).toBeLessThanOrEqual(query.now + HORIZON);
          const before = verdictsAt(scenario, viewerZone, query.now);
          for (const part of [0.25, 0.5, 0.999, 1]) {
            const later = query.now + Math.floor((last - query.now) * part);
            expect(verdictsAt(scenario, viewerZone, later)).toEqual(before);
          }
        }
      });
    },
    TIMEOUT,
  );

  const schedule = mentor({ timezone: "Asia/Kolkata", windows: [open(1, "09:00-17:00")] });
  const at = (clock: string) => parseInstant(`2026-03-02T${clock}+05:30`);
  const lastFrom = (clock: string, settings: Partial<Schedule> = {}) => {
    const query = { from: at("00:00:00"), until: at("23:59:59"), duration: asMinutes(60), now: at(clock) };
    return validUntil({ ...schedule, ...settings }, [], query, "Asia/Kolkata", epochMs(query.now + HORIZON));
  };

  it("are valid until the next start passes, and for the whole period when none does", () => {
    expect(lastFrom("10:25:00")).toBe(at("10:30:00"));
    expect(lastFrom("10:30:00.001")).toBe(at("10:40:00.001"));
    expect(lastFrom("06:00:00")).toBe(at("06:10:00"));
  });

  it("are valid until the next start is too soon", () => {
    expect(lastFrom("10:12:00", { minimum_notice: asMinutes(45) })).toBe(at("10:15:00"));
  });

  it("does not outlive the date", () => {
    const last = lastFrom("23:54:00");
    expect(last).toBeGreaterThan(at("23:56:00"));
    expect(last).toBeLessThan(at("23:59:59.999"));
  });

  it("usually gives another result a moment later (twin)", () => {
    const query = {
      from: at("00:00:00"),
      until: at("23:59:59"),
      duration: asMinutes(60),
      now: at("10:25:00"),
    };
    const judgedAt = (now: number) => judgeSlots(schedule, [], { ...query, now: epochMs(now) });
    expect(judgedAt(lastFrom("10:25:00"))).toEqual(judgedAt(query.now));
    expect(judgedAt(lastFrom("10:25:00") + 1)).not.toEqual(judgedAt(query.now));
  });
});
