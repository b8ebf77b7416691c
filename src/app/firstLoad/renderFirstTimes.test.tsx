import { expect, it } from "vitest";
import type { MentorPageTimes } from "#contract/mentorPage.ts";
import type { Mentor } from "#contract/mentors.ts";
import { asMinutes } from "#scheduling/units.ts";
import { renderFirstTimes } from "./renderFirstTimes.tsx";

const minutes = asMinutes(60);
const start = "2035-03-05T03:30:00.000Z";
const service = {
  id: "s1",
  enabled: true,
  title: "1:1 Session",
  currency: "INR",
  recording_price: null,
  instant_confirm: null,
  durations: [{ minutes, price: 2000 }],
};
const mentor = {
  username: "asha",
  full_name: "Asha Rao",
  timezone: "Asia/Kolkata",
  instant_confirm: true,
  approve_first_timers: false,
  services: [service],
} as unknown as Mentor;
const times: MentorPageTimes = {
  mentor,
  serviceId: "s1",
  minutes,
  slots: [{ time: "", starts_at: start, available: true }],
  chosen: null,
  zones: { until: "1970-01-01T00:00:00Z", data: [], unknown: [] },
};

it("a time is a link with its instant, written by the mentor's clock", () => {
  const html = renderFirstTimes(times);
  expect(html).toContain(`data-starts-at="${Date.parse(start)}"`);
  expect(html).toContain(
    "/mentors/asha?book=time&amp;service=s1&amp;minutes=60&amp;at=2035-03-05T03%3A30%3A00.000Z",
  );
  expect(html).toMatch(/>9:00 am</i);
  expect(html).toContain("Kolkata (GMT+5:30)");
  expect(html).not.toContain('aria-current="true"');
});

it("the chosen time is marked", () => {
  expect(renderFirstTimes({ ...times, chosen: Date.parse(start) })).toContain('aria-current="true"');
});

it("a travelling mentor's own time is written too", () => {
  const slots = [{ time: "", starts_at: start, available: true, mentor_timezone: "Europe/Berlin" }];
  expect(renderFirstTimes({ ...times, slots })).toMatch(/>4:30 am</i);
});

it("times follow the rules of the server", () => {
  const zones = {
    until: "2036-01-01T00:00:00Z",
    data: [{ timezone: "Asia/Colombo", periods: [{ from: "2030-01-01T00:00:00Z", utc_offset: 360 }] }],
    unknown: [],
  };
  const moved = { ...mentor, timezone: "Asia/Colombo" } as Mentor;
  expect(renderFirstTimes({ ...times, mentor: moved, zones })).toMatch(/>9:30 am</i);
  expect(renderFirstTimes({ ...times, mentor: { ...moved, timezone: "Asia/Kolkata" } })).toMatch(
    />9:00 am</i,
  );
});

it("names are text, not markup", () => {
  const html = renderFirstTimes({ ...times, mentor: { ...mentor, full_name: "</script><img src=x>" } });
  expect(html).toContain("&lt;/script&gt;");
  expect(html).not.toContain("<img");
});

it("nothing is shown of a service that is not offered", () => {
  expect(renderFirstTimes({ ...times, serviceId: "s2" })).toBe("");
});
