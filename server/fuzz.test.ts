import fc from "fast-check";
import { afterAll, beforeAll, expect, it } from "vitest";
import { bookAny, dateIn } from "./testing/booking.ts";
import { requestTo } from "./testing/fuzz.ts";
import { captureLog } from "./testing/logCapture.ts";
import { openApi } from "./testing/openApi.ts";
import {
  type Call,
  type Mentor,
  type Method,
  openTestApp,
  type Person,
  type TestApp,
} from "./testing/testApp.ts";

/** Each of the operations is asked as often; FUZZ_RUNS=400 makes the ten thousand of the design. */
const runsPerOperation = Number(process.env.FUZZ_RUNS ?? 15);

const log = captureLog("error");
let test: TestApp;
let mentor: Mentor;
let callers: Call[];
let known: string[];
beforeAll(async () => {
  test = await openTestApp({ logger: log.options });
  mentor = await test.makeMentor();
  const [student] = (await test.signUpCrowd(1)) as [Person];
  callers = [mentor.call, student.call];
  const { id } = await bookAny(student, mentor);
  const blocked = await mentor.call("POST", "/blocked-dates", { date: dateIn(mentor, 30) });
  known = [
    mentor.id,
    mentor.profile.username,
    id,
    mentor.services[0]?.id ?? "",
    (blocked.json as { id: string }).id,
  ];
});
afterAll(() => test.close());

it("answers every almost right request with success or a problem, never with a fault", async () => {
  const statuses = new Map<number, number>();
  for (const [path, operations] of Object.entries(openApi(test).paths)) {
    for (const [method, operation] of Object.entries(operations)) {
      // A stream is an answer without an end; see live/live.test.ts.
      if (operation.tags.includes("Live")) continue;
      const ask = fc.asyncProperty(
        requestTo(path, operation, known),
        fc.constantFrom(...callers),
        async ({ path: address, body }, call) => {
          const answer = await call(method.toUpperCase() as Method, address, body);
          statuses.set(answer.status, (statuses.get(answer.status) ?? 0) + 1);
          expect(answer.status).toBeLessThan(500);
          if (answer.status >= 400) answer.problem();
        },
      );
      await fc.assert(ask, { numRuns: runsPerOperation });
    }
  }
  // The twin: the generator is not so wild that everything is turned away at the door.
  expect(statuses.get(200)).toBeGreaterThan(0);
  expect(statuses.get(422)).toBeGreaterThan(0);
  expect(log.text()).toBe("");
}, 120_000);
