import type { OutgoingHttpHeaders } from "node:http";
import type { z } from "zod";
import { type ErrorCode, errors } from "#contract/errors.ts";
import { type Problem, problem } from "#contract/problem.ts";

/** A response of the app, with checks for tests. Failures name the request. */
export class Answer {
  readonly question: string;
  readonly status: number;
  readonly headers: OutgoingHttpHeaders;
  readonly text: string;

  constructor(question: string, status: number, headers: OutgoingHttpHeaders, text: string) {
    this.question = question;
    this.status = status;
    this.headers = headers;
    this.text = text;
  }

  get json(): unknown {
    return JSON.parse(this.text);
  }

  expect(status: number): this {
    if (this.status !== status) {
      throw new Error(`${this.question} answered ${this.status}, not ${status}: ${this.text.slice(0, 800)}`);
    }
    return this;
  }

  /** Returns the body in the contract's shape; a field that is not in it is an error too. */
  read<Schema extends z.ZodType>(schema: Schema): z.output<Schema> {
    if (this.status >= 400) this.expect(200);
    const parsed = schema.parse(this.json);
    if (JSON.stringify(sorted(parsed)) !== JSON.stringify(sorted(this.json))) {
      throw new Error(`${this.question} answered more than its contract says: ${this.text.slice(0, 800)}`);
    }
    return parsed;
  }

  /** Returns the problem document, whose status and media type must be those of its code. */
  problem(code?: ErrorCode): Problem {
    if (!String(this.headers["content-type"]).startsWith("application/problem+json")) {
      throw new Error(
        `${this.question} answered ${this.status} without a problem: ${this.text.slice(0, 800)}`,
      );
    }
    const parsed = problem.parse(this.json);
    const wanted = errors[code ?? parsed.code].status;
    if ((code && parsed.code !== code) || parsed.status !== this.status || this.status !== wanted) {
      throw new Error(`${this.question} answered ${this.status} ${this.text.slice(0, 800)}, not ${code}`);
    }
    return parsed;
  }
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, inner]) => [key, sorted(inner)]),
  );
}
