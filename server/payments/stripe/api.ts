/** Stripe's official SDK, with our bounds and with an outcome in place of its errors. https://docs.stripe.com/api */
import Stripe from "stripe";
import { z } from "zod";
import { type Bounds, fetchBounded, NoAnswer } from "../../platform/http/fetchBounded.ts";
import { done, isJudgement, openScrubber, refused, unknown } from "../outcome.ts";
import type { Outcome } from "../provider.ts";

export interface StripeApiOptions {
  secretKey: string;
  /** Where Stripe is; Stripe itself if left out. */
  address?: { protocol: "http" | "https"; host: string; port: number };
  bounds: Bounds;
}

const pageSize = 100;
/** A list that does not end after so many pages is an error of ours or of theirs. */
const maxPages = 1_000;
/** The SDK's own limit is not to be reached: it would be reported in place of ours. */
const slack = 5_000;

interface Page {
  limit: number;
  starting_after?: string;
}

export type StripeApi = ReturnType<typeof openStripeApi>;

export function openStripeApi({ secretKey, address, bounds }: StripeApiOptions) {
  const scrub = openScrubber([secretKey]);
  const sdk = new Stripe(secretKey, {
    ...address,
    // A repeat is the caller's: it has the time for it, and our ids make it safe.
    maxNetworkRetries: 0,
    timeout: bounds.timeoutMs + slack,
    telemetry: false,
    httpClient: Stripe.createFetchHttpClient(boundedFetch(bounds)),
  });

  /** @param onError is given errors that Stripe has answered with */
  async function call<Shape extends z.ZodType>(
    shape: Shape,
    ask: () => Promise<unknown>,
    onError: (error: Stripe.errors.StripeError) => void = () => undefined,
  ): Promise<Outcome<z.output<Shape>>> {
    try {
      const parsed = shape.safeParse(await ask());
      if (parsed.success) return done(parsed.data);
      const [issue] = parsed.error.issues;
      return unknown(`Stripe gave an unexpected answer (${issue?.path.join(".") || "body"})`);
    } catch (error) {
      if (!(error instanceof Stripe.errors.StripeError)) throw error;
      onError(error);
      return failureOf(error);
    }
  }

  function failureOf(error: Stripe.errors.StripeError): Outcome<never> {
    // The types call it a string; it is the error of the fetch.
    const detail: unknown = error.detail;
    if (detail instanceof NoAnswer) return unknown(`Stripe gave ${detail.message}`);
    const status = error.statusCode;
    if (status === undefined) return unknown("Stripe gave no answer");
    const message = scrub(error.message);
    if (!isJudgement(status)) return unknown(`Stripe answered with status ${status}: ${message}`);
    const code = error.code ?? error.rawType ?? "refused";
    return refused(code === "resource_missing" ? "not_found" : code, message);
  }

  /** All objects of a list that comes in pages. */
  async function collect<Shape extends z.ZodType<{ id: string }>>(
    item: Shape,
    page: (page: Page) => Promise<unknown>,
  ): Promise<Outcome<z.output<Shape>[]>> {
    const shape = z.object({ data: z.array(item), has_more: z.boolean() });
    const items: z.output<Shape>[] = [];
    for (let count = 0; count < maxPages; count++) {
      const last = items.at(-1);
      const after = last ? { starting_after: last.id } : {};
      const outcome = await call(shape, () => page({ limit: pageSize, ...after }));
      if (outcome.kind !== "done") return outcome;
      items.push(...outcome.value.data);
      if (!outcome.value.has_more || outcome.value.data.length === 0) return done(items);
    }
    return unknown("Stripe gave a list that does not end");
  }

  return { sdk, call, collect };
}

/** The SDK takes any JSON without an `error` for what was asked for, whatever the status: checked here. */
function boundedFetch(bounds: Bounds): typeof fetch {
  return async (url, init = {}) => {
    const { status, headers, text } = await fetchBounded(
      url instanceof Request ? url.url : url,
      init,
      bounds,
    );
    const body = parseObject(text);
    const isSuccess = status >= 200 && status < 300;
    if (!body || (!isSuccess && !("error" in body))) {
      throw new NoAnswer(`an unexpected answer with status ${status}`);
    }
    return new Response(text, { status, headers });
  };
}

function parseObject(text: string): object | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null ? value : undefined;
  } catch {
    return undefined;
  }
}
