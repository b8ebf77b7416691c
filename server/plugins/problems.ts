import type { FastifyError } from "fastify";
import fp from "fastify-plugin";
import { hasZodFastifySchemaValidationErrors } from "fastify-type-provider-zod";
import { Refusal, refusalFromDatabase, toProblem } from "../errors.ts";

/** The one place where errors become answers: RFC 9457 problem documents. */
export const problems = fp(async (app) => {
  app.setErrorHandler<FastifyError>((error, request, reply) => {
    const refusal = toRefusal(error);
    const problem = toProblem(refusal, request.id);
    if (problem.status >= 500) request.log.error({ err: error, code: problem.code }, "Request failed");
    else request.log.info({ code: problem.code }, "Request refused");
    if (problem.status === 503) reply.header("retry-after", "5");
    return reply.status(problem.status).type("application/problem+json").send(JSON.stringify(problem));
  });

  app.setNotFoundHandler((request, reply) => {
    const problem = toProblem(new Refusal("not_found"), request.id);
    return reply.status(404).type("application/problem+json").send(JSON.stringify(problem));
  });
});

function toRefusal(error: FastifyError): Refusal {
  if (error instanceof Refusal) return error;
  if (hasZodFastifySchemaValidationErrors(error))
    return refusalOfInput(error.validation, error.validationContext);
  switch (error.statusCode) {
    case 400:
      return new Refusal("malformed_request");
    case 413:
      return new Refusal("body_too_large");
    case 415:
      return new Refusal("unsupported_media_type");
    case 429:
      return new Refusal("rate_limited");
    case 503:
      return new Refusal("overloaded");
    default:
      return refusalFromDatabase(error) ?? new Refusal("internal");
  }
}

type InputIssue = Extract<FastifyError, object>["validation"] extends (infer Issue)[] | undefined
  ? Issue
  : never;

function refusalOfInput(issues: readonly InputIssue[], context: string | undefined): Refusal {
  // An id that cannot exist is an address that leads nowhere.
  if (context === "params") return new Refusal("not_found");
  const fields = issues.flatMap((issue) => {
    const path = issue.instancePath.slice(1).replaceAll("/", ".");
    const unknownKeys = issue.params.keys;
    if (issue.keyword === "unrecognized_keys" && Array.isArray(unknownKeys)) {
      return unknownKeys.map((key) => ({
        field: [path, String(key)].filter(Boolean).join("."),
        message: "This field is not known here.",
      }));
    }
    const missing = issue.keyword === "invalid_type" && issue.message?.endsWith("received undefined");
    return [
      { field: path, message: missing ? "Please fill this in." : (issue.message ?? "This is not right.") },
    ];
  });
  return new Refusal("validation_failed", {
    detail: fields[0]?.message ?? "This is not right.",
    errors: fields,
  });
}
