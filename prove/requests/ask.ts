import fc from "fast-check";
import { errors } from "#contract/errors.ts";
import type { Answer } from "../../server/testing/answer.ts";
import { type Operation, openApi } from "../../server/testing/openApi.ts";
import type { Call, Method, TestApp } from "../../server/testing/testApp.ts";
import { openFingerprint } from "../fingerprint.ts";
import { makeWorld } from "../world.ts";
import { type AlmostRight, type Known, requestTo } from "./almostRight.ts";

/** The results of many requests; each list names what was wrong. */
export interface Seen {
  operations: number;
  asked: number;
  codes: Map<string, number>;
  /** Responses with a 5xx status. */
  serverFaults: string[];
  /** Refusals that are no problem document, or one with another status than its code has. */
  poorRefusals: string[];
  /** Refusals of the input that do not name the wrong part. */
  withoutField: string[];
  inputRefusals: number;
  /** Refused requests that changed the database. */
  storing: string[];
  refused: number;
}

export interface Questions {
  perOperation: number;
  /** The same requests again, for the same app. */
  seed: number;
  /** Which operations; all of them when left out. */
  only?: (path: string) => boolean;
}

/** People and things that exist, so that requests pass the first checks. */
async function openTargets(test: TestApp): Promise<{ callers: Call[]; known: Known }> {
  const world = await makeWorld(test);
  const { mentor, student, stranger } = world;
  return {
    callers: [mentor.call, student.call, stranger.call, test.visitor],
    known: new Map<string, string | number>([
      ["mentor", mentor.profile.username],
      ["expert_id", mentor.id],
      ["student_id", student.id],
      ["service_id", world.serviceId],
      ["duration", 60],
      ["total_amount", 2000],
      ["booking_id", (await world.booking()).id],
      ["review_id", (await world.reviewed()).id],
      ["request_id", (await world.timeRequest()).id],
      ["alert_id", await world.alertId()],
      ["availability_slot_id", await world.windowId()],
      ["blocked_date_id", await world.blockedDateId()],
      ["timezone_period_id", await world.periodId()],
    ]),
  };
}

interface Question {
  method: Method;
  operation: Operation;
  sent: AlmostRight;
  call: Call;
}

/** Refusals that count a try or spend a challenge, which is their purpose. */
const tries: ReadonlySet<string> = new Set(["code_not_accepted", "passkey_not_accepted"]);

/** Sends one request after the other, so that each change of the database belongs to one request. */
export async function askAlmostRight(test: TestApp, questions: Questions): Promise<Seen> {
  const { callers, known } = await openTargets(test);
  const seen: Seen = {
    operations: 0,
    asked: 0,
    codes: new Map(),
    serverFaults: [],
    poorRefusals: [],
    withoutField: [],
    inputRefusals: 0,
    storing: [],
    refused: 0,
  };
  const readPrint = await openFingerprint(test.db.owner);
  let before = await readPrint();
  for (const { path, method, operation } of operationsOf(test, questions.only)) {
    seen.operations++;
    const drawn = fc.sample(fc.tuple(requestTo(path, operation, known), fc.constantFrom(...callers)), {
      numRuns: questions.perOperation,
      seed: questions.seed + seen.operations,
    });
    for (const [sent, call] of drawn) {
      const question = { method, operation, sent, call };
      const answer = await ask(question);
      note(seen, question, answer);
      const after = await readPrint();
      if (answer.status >= 400 && after !== before && !tries.has(codeOf(answer)))
        seen.storing.push(describe(question, answer));
      before = after;
    }
  }
  return seen;
}

function operationsOf(test: TestApp, only: (path: string) => boolean = () => true) {
  return Object.entries(openApi(test).paths).flatMap(([path, operations]) =>
    Object.entries(operations)
      // A stream is a response without an end; see live/live.test.ts.
      .filter(([, { tags }]) => !tags.includes("Live") && only(path))
      .map(([method, operation]) => ({ path, method: method.toUpperCase() as Method, operation })),
  );
}

function ask({ method, sent: { path, body, mediaType }, call }: Question): Promise<Answer> {
  return call(method, path, body, body === undefined ? {} : { "content-type": mediaType });
}

function note(seen: Seen, question: Question, answer: Answer): void {
  seen.asked++;
  const where = () => describe(question, answer);
  const code = answer.status < 400 ? String(answer.status) : codeOf(answer);
  seen.codes.set(code, (seen.codes.get(code) ?? 0) + 1);
  if (answer.status >= 500) seen.serverFaults.push(where());
  if (answer.status < 400) return;
  seen.refused++;
  if (!(code in errors)) return void seen.poorRefusals.push(where());
  if (code !== "validation_failed") return;
  seen.inputRefusals++;
  const blamed = answer.problem().errors ?? [];
  const fields = fieldsOf(question);
  const exists = (field: string) => fields.some((name) => field === name || field.startsWith(`${name}.`));
  if (blamed.length === 0 || !blamed.every(({ field }) => exists(field))) seen.withoutField.push(where());
}

/** The code of a whole problem document; what is wrong with it, if it is none. */
function codeOf(answer: Answer): string {
  try {
    return answer.problem().code;
  } catch {
    return `no problem document (${answer.status})`;
  }
}

/** The fields that a refusal may name: those of the document, those that were sent, or the whole body. */
function fieldsOf({ operation, sent }: Question): string[] {
  const schema = operation.requestBody?.content["application/json"]?.schema;
  const body = typeof sent.body === "object" && sent.body !== null ? Object.keys(sent.body) : [];
  return [
    "body",
    "querystring",
    ...propertiesOf(schema),
    ...body,
    ...operation.parameters.map(({ name }) => name),
  ];
}

function propertiesOf(schema: Readonly<Record<string, unknown>> = {}): string[] {
  const choices = [schema.anyOf, schema.oneOf, schema.allOf].flat().filter((choice) => choice !== undefined);
  return [
    ...Object.keys(schema.properties ?? {}),
    ...choices.flatMap((choice) => propertiesOf(choice as Record<string, unknown>)),
  ];
}

function describe({ method, sent }: Question, answer: Answer): string {
  const body = JSON.stringify(sent.body) ?? "nothing";
  return `${method} ${sent.path.slice(0, 120)} with ${body.slice(0, 200)}: ${answer.status} ${answer.text.slice(0, 200)}`;
}
