import { setTimeout as sleep } from "node:timers/promises";
import { dateIn } from "../../server/testing/booking.ts";
import type { Mentor, Person } from "../../server/testing/testApp.ts";
import { type Attempt, ask } from "../crashes/attempts.ts";
import { callOver } from "../overHttp.ts";

/** What came back while the load ran. */
export interface Answers {
  requests: number;
  /** How many of them were asked a second time. */
  again: number;
  booked: number;
  failures: string[];
  /** ms */
  longest: number;
}

interface LoadOptions {
  people: readonly Person[];
  mentor: Mentor;
  attempts: readonly Attempt[];
  /** The processes, which are asked in turns; a function, because they may be replaced meanwhile. */
  addresses: () => readonly string[];
}

const isCut = (outcome: string | number) => typeof outcome === "string" && outcome.startsWith("cut: ");

/**
 * Reads free times, pages, profiles and own sessions, and books one attempt after the other, on all processes in turns, until the
 * returned function is called, which resolves to all answers. Every answer but a success is a failure. A connection that is closed as
 * a request is sent on it is no answer: it is asked once more, as browsers do (RFC 9112, 9.3.1); a booking has its key.
 */
export function startLoad({ people, mentor, attempts, addresses }: LoadOptions): () => Promise<Answers> {
  const answers: Answers = { requests: 0, again: 0, booked: 0, failures: [], longest: 0 };
  let isOver = false;
  let turn = 0;
  const next = () => {
    const all = addresses();
    turn += 1;
    return all[turn % all.length]!;
  };
  const timed = async (what: string, asked: () => Promise<string | number>): Promise<void> => {
    const request = () => asked().catch((error: unknown) => `cut: ${String(error)}`);
    const startedAt = performance.now();
    let outcome = await request();
    if (isCut(outcome)) {
      answers.again += 1;
      outcome = await request();
    }
    answers.requests += 1;
    answers.longest = Math.max(answers.longest, performance.now() - startedAt);
    if (outcome !== 200 && outcome !== "booked") answers.failures.push(`${what}: ${outcome}`);
  };

  const days = `from=${dateIn(mentor, 1)}&to=${dateIn(mentor, 28)}`;
  const service = `service_id=${mentor.services[0]!.id}&duration=60`;
  const reads = [
    `/api/v1/mentors/${mentor.id}/slots?${service}&${days}`,
    `/api/v1/mentors/${mentor.profile.username}`,
    "/api/v1/mentors",
    "/readyz",
  ];
  const read = async () => {
    for (let n = 0; !isOver; n++) {
      const path = reads[n % reads.length]!;
      await timed(path, async () => {
        const answer = await fetch(`${next()}${path}`);
        await answer.text();
        return answer.status;
      });
      await sleep(5);
    }
  };
  const readOwn = async (person: Person) => {
    while (!isOver) {
      await timed("/bookings", async () => (await callOver(next(), person.token)("GET", "/bookings")).status);
      await sleep(20);
    }
  };
  const left = [...attempts];
  const book = async () => {
    for (let attempt = left.shift(); attempt && !isOver; attempt = left.shift()) {
      const asked = attempt;
      await timed("POST /bookings", async () => {
        const answer = await ask(asked, next());
        if (typeof answer === "string") return answer;
        asked.id = answer.id;
        answers.booked += 1;
        return "booked";
      });
      await sleep(40);
    }
  };
  const running = Promise.all([read(), read(), ...people.slice(0, 2).map(readOwn), book(), book()]);
  return async () => {
    isOver = true;
    await running;
    return answers;
  };
}
