/**
 * Razorpay's HTTP API: one call at a time, with its outcome. https://razorpay.com/docs/api/
 * The official SDK is not used: it has no time-out and drops idempotency headers.
 */
import { z } from "zod";
import { type BoundedAnswer, type Bounds, fetchBounded, NoAnswer } from "../../platform/http/fetchBounded.ts";
import { readJson } from "../../platform/readJson.ts";
import { andThen, done, isJudgement, openScrubber, refused, unknown } from "../outcome.ts";
import type { Outcome } from "../provider.ts";

export interface RazorpayApiOptions {
  keyId: string;
  keySecret: string;
  /** Where Razorpay is, up to the version: "https://api.razorpay.com/v1". */
  address: string;
  bounds: Bounds;
}

interface Call<Shape extends z.ZodType> {
  /** Segments of the path; ids are escaped. */
  path: readonly string[];
  shape: Shape;
  query?: Readonly<Record<string, string | number>>;
  /** Makes it a POST. */
  body?: object;
  headers?: Readonly<Record<string, string>>;
}

const errorBody = z.object({
  error: z.object({
    code: z.string(),
    description: z.string(),
    reason: z.string().nullish(),
  }),
});

/** Faults at Razorpay or at a bank, of which the status is not always a 5xx. */
const faults = new Set(["SERVER_ERROR", "GATEWAY_ERROR"]);

/** A page of a list, at most: the most that Razorpay gives. */
const pageSize = 100;
/** A list that does not end after so many pages is an error of ours or of theirs. */
const maxPages = 1_000;

export type RazorpayApi = ReturnType<typeof openRazorpayApi>;

export function openRazorpayApi({ keyId, keySecret, address, bounds }: RazorpayApiOptions) {
  const credentials = `${keyId}:${keySecret}`;
  const authorization = `Basic ${Buffer.from(credentials).toString("base64")}`;
  const scrub = openScrubber([keySecret, credentials]);

  async function call<Shape extends z.ZodType>({
    path,
    shape,
    query = {},
    body,
    headers = {},
  }: Call<Shape>): Promise<Outcome<z.output<Shape>>> {
    const url = new URL(`${address}/${path.map(encodeURIComponent).join("/")}`);
    for (const [name, value] of Object.entries(query)) url.searchParams.set(name, String(value));
    const init: RequestInit = {
      method: body ? "POST" : "GET",
      headers: { authorization, accept: "application/json", ...headers },
    };
    if (body) {
      init.body = JSON.stringify(body);
      init.headers = { ...init.headers, "content-type": "application/json" };
    }
    try {
      return outcomeOf(await fetchBounded(url, init, bounds), shape);
    } catch (error) {
      if (error instanceof NoAnswer) return unknown(`Razorpay gave ${error.message}`);
      throw error;
    }
  }

  function outcomeOf<Shape extends z.ZodType>(
    { status, text }: BoundedAnswer,
    shape: Shape,
  ): Outcome<z.output<Shape>> {
    const answer = readJson(text);
    if (status >= 200 && status < 300) {
      const parsed = shape.safeParse(answer);
      if (parsed.success) return done(parsed.data);
      const [issue] = parsed.error.issues;
      return unknown(`Razorpay gave an unexpected answer (${issue?.path.join(".") || "body"})`);
    }
    const parsed = errorBody.safeParse(answer);
    if (!parsed.success) return unknown(`Razorpay answered with status ${status}`);
    const { error } = parsed.data;
    const message = scrub(error.description);
    if (!isJudgement(status) || faults.has(error.code)) {
      return unknown(`Razorpay answered with status ${status}: ${message}`);
    }
    return refused(codeOf(error), message);
  }

  /** All items of a list that comes in pages. */
  async function collect<Shape extends z.ZodType>(
    path: readonly string[],
    item: Shape,
    query: Readonly<Record<string, string | number>> = {},
  ): Promise<Outcome<z.output<Shape>[]>> {
    const shape = z.object({ items: z.array(item) });
    const items: z.output<Shape>[] = [];
    for (let page = 0; page < maxPages; page++) {
      const outcome = await call({
        path,
        shape,
        query: { ...query, count: pageSize, skip: page * pageSize },
      });
      if (outcome.kind !== "done") return outcome;
      items.push(...outcome.value.items);
      if (outcome.value.items.length < pageSize) return done(items);
    }
    return unknown("Razorpay gave a list that does not end");
  }

  /** All items of a list that comes in one piece. */
  async function list<Shape extends z.ZodType>(
    path: readonly string[],
    item: Shape,
  ): Promise<Outcome<z.output<Shape>[]>> {
    const outcome = await call({ path, shape: z.object({ items: z.array(item) }) });
    return andThen(outcome, ({ items }) => done(items));
  }

  return { call, collect, list };
}

function codeOf({ code, description, reason }: z.infer<typeof errorBody>["error"]): string {
  // There is no code for it: of an unknown id Razorpay says "The id provided does not exist", of a malformed one "… is not a valid id".
  if (/id provided does not exist|is not a valid id/i.test(description)) return "not_found";
  return reason && reason !== "NA" ? reason : code.toLowerCase();
}
