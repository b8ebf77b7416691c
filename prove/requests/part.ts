import { z } from "zod";
import { Refusal } from "../../server/platform/errors.ts";
import { anyone } from "../../server/platform/http/authority.ts";
import { captureLog } from "../../server/testing/logCapture.ts";
import { openTestApp, type TestAppOptions } from "../../server/testing/testApp.ts";
import type { Finding, Prove, Scale } from "../proof.ts";
import { askAlmostRight, type Questions, type Seen } from "./ask.ts";

/** For each of the operations. */
const perOperation = { long: 150, short: 10 } satisfies Record<Scale, number>;

export const requests: Prove = async (scale) => {
  // Another seed in every run; a failure prints it.
  const seed = Math.floor(Math.random() * 2 ** 30);
  const { seen, logged, seconds } = await askApp({ perOperation: perOperation[scale], seed });
  const findings = [...judge(seen, logged, `seed ${seed}`, seconds), ...(await proveTwins(scale))];
  return { title: "Almost valid requests", findings, notes: `${notes}\n\n${answersOf(seen)}` };
};

interface Asked {
  seen: Seen;
  logged: string;
  seconds: string;
}

async function askApp(questions: Questions, extend?: TestAppOptions["extend"]): Promise<Asked> {
  const startedAt = performance.now();
  const log = captureLog("error");
  const test = await openTestApp({ logger: log.options, ...(extend ? { extend } : {}) });
  try {
    const seen = await askAlmostRight(test, questions);
    return { seen, logged: log.text(), seconds: ((performance.now() - startedAt) / 1000).toFixed(1) };
  } finally {
    await test.close();
  }
}

function judge(seen: Seen, logged: string, seed: string, seconds: string): Finding[] {
  const accepted = seen.asked - seen.refused;
  return [
    {
      promise: "No internal error and no line in the error log",
      figure: `${seen.asked} requests to ${seen.operations} operations in ${seconds} s, ${seed} · ${few(seen.serverFaults)}${logged && ` · logged ${logged.slice(0, 200)}`}`,
      holds: seen.serverFaults.length === 0 && logged === "",
    },
    {
      promise: "Every refusal is a problem document with a code from the table of errors",
      figure: `${seen.refused} refusals · ${few(seen.poorRefusals)}`,
      holds: seen.poorRefusals.length === 0,
    },
    {
      promise: "Invalid input is reported by field",
      figure: `${seen.inputRefusals} refusals of the input · ${few(seen.withoutField)}`,
      holds: seen.inputRefusals > 0 && seen.withoutField.length === 0,
    },
    {
      promise: "A refused request changes no row of any table",
      figure: `${seen.refused} refusals · ${few(seen.storing)}`,
      holds: seen.storing.length === 0,
    },
    {
      promise: "Enough requests pass: at least a tenth are accepted",
      figure: `${accepted} of ${seen.asked} accepted`,
      holds: accepted >= seen.asked / 10,
    },
  ];
}

function answersOf({ codes }: Seen): string {
  const counts = Array.from(codes)
    .toSorted(([, one], [, other]) => other - one)
    .map(([code, count]) => `${count} ${code}`);
  return `Answers: ${counts.join(", ")}.`;
}

function few(faults: readonly string[]): string {
  return faults.length === 0
    ? "no exception"
    : `${faults.length} exceptions: ${faults.slice(0, 3).join(" | ")}`;
}

const path = "/api/v1/twin";
const body = z.strictObject({ name: z.string() });

interface Twin {
  promise: string;
  extend: NonNullable<TestAppOptions["extend"]>;
  found: (seen: Seen) => readonly string[];
  onlyLong?: true;
}

const twins: readonly Twin[] = [
  {
    promise: "a route whose handler throws on a stray percent sign is detected",
    extend: (app) =>
      app.post(path, { preHandler: anyone, schema: { body } }, async (request) => ({
        name: decodeURIComponent(request.body.name),
      })),
    found: ({ serverFaults }) => serverFaults,
  },
  {
    promise: "a route that writes and then refuses is detected",
    extend: (app, { owner }) =>
      app.post(path, { preHandler: anyone, schema: { body } }, async () => {
        await owner.query("update expert_profiles set bio = bio");
        throw new Refusal("forbidden");
      }),
    found: ({ storing }) => storing,
  },
  {
    promise: "a route that refuses without a problem document is detected",
    extend: (app) =>
      app.post(path, { preHandler: anyone, schema: { body } }, (_request, reply) =>
        reply.status(400).send("No."),
      ),
    found: ({ poorRefusals }) => poorRefusals,
    onlyLong: true,
  },
  {
    promise: "a route that refuses the input without naming a field is detected",
    extend: (app) =>
      app.post(path, { preHandler: anyone, schema: { body } }, async () => {
        throw new Refusal("validation_failed");
      }),
    found: ({ withoutField }) => withoutField,
    onlyLong: true,
  },
];

/** Fixed, so that finding the fault does not depend on chance. */
const twinSeed = 1;

async function proveTwins(scale: Scale): Promise<Finding[]> {
  const findings: Finding[] = [];
  for (const { promise, extend, found } of twins.filter(({ onlyLong }) => scale === "long" || !onlyLong)) {
    const only = (asked: string) => asked === path;
    const { seen } = await askApp({ perOperation: 100, seed: twinSeed, only }, extend);
    const count = found(seen).length;
    findings.push({ promise, figure: `${count} of ${seen.asked} requests`, holds: count > 0, twin: true });
  }
  return findings;
}

const notes = `The OpenAPI document describes what each operation takes. From it fast-check generates requests that are mostly valid and
wrong in a place or two: missing, unknown and huge values, other types, dates that do not exist, control characters, lone
surrogates, SQL, HTML, truncated JSON, other media types; sent by a mentor, two students and a visitor. After each of them
all tables are checked: the number of rows, and the latest transaction that wrote one. Streams are left out, because they do
not end.`;
