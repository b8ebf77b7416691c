import assert from "node:assert/strict";
import { findSlots, judgeSlots, judgeStart } from "#scheduling/slots.ts";
import { bruteForce } from "#scheduling/testing/bruteForce.ts";
import type { Scenario } from "#scheduling/testing/scenarios.ts";
import { addMs, type EpochMs, epochMs } from "#scheduling/units.ts";

/**
 * Starts, verdicts and single starts of one scenario, by the engine and by the second implementation. Returns how many
 * starts were judged. @throws AssertionError when the two differ
 */
export function compare({ schedule, taken, query, otherStarts }: Scenario): number {
  const expected = bruteForce(schedule, taken, query);
  const free = expected.filter((slot) => slot.verdict === "free").map((slot) => slot.startsAt);
  assert.deepEqual(findSlots(schedule, taken, query), free);
  assert.deepEqual(judgeSlots(schedule, taken, query), expected);

  const { duration, now, serviceId = null } = query;
  const single = (startsAt: EpochMs) =>
    judgeStart(schedule, taken, { startsAt: epochMs(startsAt), duration, now, serviceId });
  assert.deepEqual(
    expected.map((slot) => single(epochMs(slot.startsAt))),
    expected.map((slot) => slot.verdict),
  );
  for (const startsAt of otherStarts) {
    const alone = { ...query, from: startsAt, until: addMs(epochMs(startsAt), 1) };
    const verdict = bruteForce(schedule, taken, alone)[0]?.verdict ?? "off_grid";
    assert.equal(single(epochMs(startsAt)), verdict);
    if (startsAt >= query.from && startsAt < query.until) {
      assert.equal(free.includes(startsAt), verdict === "free");
    }
  }
  return expected.length + otherStarts.length;
}
