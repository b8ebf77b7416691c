import { isDeepStrictEqual } from "node:util";
import { bookAny, dateIn } from "../../../../server/testing/booking.ts";
import { daily, type Mentor, type Person, type TestApp } from "../../../../server/testing/testApp.ts";

/** Mentors with all that an answer can depend on: bookings, buffers, days off, nights, clock changes, groups. */
export async function openMentors(test: TestApp): Promise<Mentor[]> {
  const delhi = await test.makeMentor();
  const newYork = await test.makeMentor({
    timezone: "America/New_York",
    windows: daily("20:00", "02:00"),
    settings: { buffer_before: 15, buffer_after: 30, booking_window_days: 400 },
  });
  const london = await test.makeMentor({
    timezone: "Europe/London",
    settings: { max_per_day: 1, minimum_notice: 60, booking_window_days: 400 },
    services: [{}, { session_type: "groupSession", title: "Together", capacity: 4 }],
  });
  const [student] = (await test.signUpCrowd(1)) as [Person];
  for (const mentor of [delhi, london]) {
    await bookAny(student, mentor);
    (await mentor.call("POST", "/blocked-dates", { date: dateIn(mentor, 5) })).expect(201);
  }
  return [delhi, newYork, london];
}

const zones = ["Asia/Kolkata", "America/Los_Angeles", "Australia/Lord_Howe", "UTC"];

interface Compared {
  asked: number;
  /** The queries that the two answer differently. */
  different: string[];
}

/** Asks the app and the function the same. @param ask the function, with a query */
export async function compareAnswers(
  test: TestApp,
  mentors: readonly Mentor[],
  ask: (query: string) => Promise<Response>,
): Promise<Compared> {
  const compared: Compared = { asked: 0, different: [] };
  // Half a year covers a change of every zone's clocks.
  for (const mentor of mentors)
    for (const timezone of zones)
      for (const service of [undefined, ...mentor.services])
        for (const days of [0, 60, 120]) {
          const query = new URLSearchParams({
            from: dateIn(mentor, days),
            to: dateIn(mentor, days + 60),
            duration: "60",
            timezone,
            include: days === 0 ? "all" : "available",
            ...(service && { service_id: service.id }),
          });
          const own = await test.visitor("GET", `/mentors/${mentor.id}/slots?${query}`);
          const answer = await ask(`mentor=${mentor.id}&${query}`);
          const isSame = answer.status === own.status && isDeepStrictEqual(await answer.json(), own.json);
          compared.asked += 1;
          if (!isSame) compared.different.push(`${query}`);
        }
  return compared;
}
