import fc from "fast-check";
import { openRaw } from "../../server/testing/rawHttp.ts";

/** Request targets and hosts that clients of HTTP never send, and that once were answered with 500. */
const targets = [
  "///",
  "//[",
  "/\\\\",
  "//a:b",
  "//:80",
  "/%",
  "/%00",
  "/api/auth/%2e%2e/x",
  "/api/v1/mentors/%ff",
  "*",
  "http://[/",
];
const hosts = [
  "",
  "[",
  "a b",
  "localhost:99999",
  "evil.example.com",
  "localhost, evil.example.com",
  "%00",
  "\u00e4",
];
const methods = ["GET", "POST", "HEAD", "OPTIONS", "PATCH"];
const paths = ["/", "/api/auth/get-session", "/api/auth/sign-in/email", "/api/v1/me", "/mentors/asha"];
const signs = [..."/\\:?#[]@!$&'()*+,;=%~.^|\"<>`{} \u00e9"];

export interface OddSeen {
  asked: number;
  /** By status; 0 is a connection that was closed without a response. */
  statuses: Map<number, number>;
  faults: string[];
}

interface OddRequest {
  method: string;
  target: string;
  host: string;
}

/** Sends the known ones and `random` more, drawn by `seed`, each on its own connection. */
export async function sendOdd(address: string, random: number, seed: number): Promise<OddSeen> {
  const own = new URL(address).host;
  const known: OddRequest[] = methods.flatMap((method) => [
    ...targets.map((target) => ({ method, target, host: own })),
    ...hosts.flatMap((host) => paths.map((target) => ({ method, target, host }))),
  ]);
  const odd = fc.record({
    method: fc.constantFrom(...methods),
    target: fc
      .array(fc.constantFrom(...signs), { minLength: 1, maxLength: 8 })
      .map((drawn) => `/${drawn.join("")}`),
    host: fc.constantFrom(own, own, ...hosts),
  });
  const seen: OddSeen = { asked: 0, statuses: new Map(), faults: [] };
  for (const request of [...known, ...fc.sample(odd, { numRuns: random, seed })]) {
    const status = await send(address, request);
    seen.asked += 1;
    seen.statuses.set(status, (seen.statuses.get(status) ?? 0) + 1);
    if (status >= 500)
      seen.faults.push(`${request.method} ${request.target} (Host: ${request.host}): ${status}`);
  }
  return seen;
}

async function send(address: string, { method, target, host }: OddRequest): Promise<number> {
  const rest = method === "POST" || method === "PATCH" ? "Content-Length: 2\r\n\r\n{}" : "\r\n";
  const connection = await openRaw(address);
  connection.write(
    `${method} ${target} HTTP/1.1\r\nHost: ${host}\r\nContent-Type: application/json\r\nConnection: close\r\n${rest}`,
  );
  // A response to HEAD announces a body that is not sent.
  const { status } = await connection.answer(method === "HEAD" ? 100 : 5_000);
  connection.destroy();
  return status;
}
