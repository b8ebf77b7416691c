import { describe, expect, it } from "vitest";
import { parseInstant } from "#scheduling/units.ts";
import { decideJoining, type JoinFacts, momentBetween } from "./joining.ts";

const at = (time: string) => parseInstant(`2026-11-24T${time}Z`);
const session: JoinFacts = {
  status: "confirmed",
  startsAt: at("15:00"),
  endsAt: at("16:00"),
  hasLink: true,
};

describe("decideJoining", () => {
  it.each([
    ["00:00", { name: "early", opensAt: at("14:45") }],
    ["14:44:59.999", { name: "early", opensAt: at("14:45") }],
    ["14:45", { name: "open" }],
    ["15:30", { name: "open" }],
    ["15:59:59.999", { name: "open" }],
    ["16:00", { name: "never" }],
  ])("at %s", (time, joining) => {
    expect(decideJoining(session, at(time))).toEqual(joining);
  });

  it.each(["pending", "cancelled"] as const)("never opens a %s one", (status) => {
    expect(decideJoining({ ...session, status }, at("15:00"))).toEqual({ name: "never" });
  });

  it("stays open when its mentor marks it as completed before the end", () => {
    expect(decideJoining({ ...session, status: "completed" }, at("15:50"))).toEqual({ name: "open" });
  });

  it("reports a missing link from the confirmation to the end", () => {
    for (const time of ["00:00", "14:50", "15:59"]) {
      expect(decideJoining({ ...session, hasLink: false }, at(time))).toEqual({ name: "no_link" });
    }
    expect(decideJoining({ ...session, hasLink: false }, at("16:00"))).toEqual({ name: "never" });
  });
});

describe("momentBetween", () => {
  it.each([
    ["14:44:59", "14:45", "opens"],
    ["14:45", "14:46", null],
    ["14:59:59", "15:00:01", "starts"],
    // After sleep a device announces only the last.
    ["14:00", "15:20", "starts"],
    ["14:00", "14:50", "opens"],
    ["15:00", "15:01", null],
  ])("from %s to %s: %s", (before, now, moment) => {
    expect(momentBetween(session.startsAt, at(before), at(now))).toBe(moment);
  });
});
