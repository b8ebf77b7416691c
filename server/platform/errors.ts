import pg from "pg";
import { constraintErrors, type ErrorCode, errors } from "#contract/errors.ts";
import type { Problem } from "#contract/problem.ts";
import { fieldErrors } from "#words/fields.ts";

export type ProblemDetails = Partial<
  Pick<
    Problem,
    | "detail"
    | "errors"
    | "next_slots"
    | "taken_starts"
    | "refused_sessions"
    | "expected_amount"
    | "currency"
    | "booking_id"
  >
>;

/**
 * An expected error. Pure decisions return refusals as values; a command throws a Refusal to roll back its transaction,
 * and the error handler turns it into a problem document.
 */
export class Refusal extends Error {
  override name = "Refusal";
  readonly code: ErrorCode;
  readonly details: ProblemDetails;

  constructor(code: ErrorCode, details: ProblemDetails = {}) {
    super(code);
    this.code = code;
    this.details = details;
  }
}

/** A Refusal about one field of the input. */
export function refuseField(field: string, message: string, code: ErrorCode = "validation_failed"): Refusal {
  return new Refusal(code, { detail: message, errors: [{ field, message }] });
}

export function toProblem(refusal: Refusal, requestId?: string): Problem {
  const { status, title } = errors[refusal.code];
  return {
    type: `/api/docs/errors#${refusal.code}`,
    title,
    status,
    code: refusal.code,
    detail: title,
    ...refusal.details,
    ...(requestId ? { request_id: requestId } : {}),
  };
}

/** Returns the Refusal that a database error stands for; undefined if the error is a defect. */
export function refusalFromDatabase(error: unknown): Refusal | undefined {
  // A Refusal wrapped by a library.
  if (error instanceof Refusal) return error;
  if (isUnreachable(error)) return new Refusal("database_unavailable");
  if (error instanceof pg.DatabaseError) return refusalOfStatement(error);
  // The accounts library wraps errors that it can't handle.
  return error instanceof Error && error.cause ? refusalFromDatabase(error.cause) : undefined;
}

/**
 * The constraint that a statement has violated; "" if it is none. On many machines it has the number of a shard at its end, and
 * from another machine Citus sends on the message and the hint only: a function gives the constraint's name as both.
 */
export function constraintOf({
  constraint,
  message,
  hint,
}: Pick<Partial<pg.DatabaseError>, "constraint" | "message" | "hint">): string {
  const named = constraint ?? /constraint "(\w+)"/.exec(message ?? "")?.[1] ?? hint ?? "";
  return named.replace(/_\d{6,}$/, "");
}

function refusalOfStatement(error: pg.DatabaseError): Refusal | undefined {
  const constraint = constraintOf(error);
  const known = constraintErrors[constraint];
  if (known) {
    const message = known.detail ?? errors[known.code].title;
    return new Refusal(
      known.code,
      known.field ? { detail: message, errors: [{ field: known.field, message }] } : {},
    );
  }
  // These keys reference accounts, and requests write only for their caller: the account was deleted meanwhile.
  if (error.code === "23503" && constraint.endsWith("_user_id_fkey")) {
    return new Refusal("unauthenticated");
  }
  switch (error.code) {
    case "40001":
    case "40P01":
    case "55P03":
    case "53300":
    case "57014":
      return new Refusal("overloaded");
    // What was the primary is a standby now, and nothing was stored.
    case "25006":
      return new Refusal("database_unavailable");
    // The disk is full: nothing was stored, and a retry can succeed once there is room.
    case "53100":
      return new Refusal("database_unavailable");
    case "22021":
      return new Refusal("validation_failed", { detail: fieldErrors.unstorable });
    default:
      return undefined;
  }
}

const connectionCodes = new Set([
  "ECONNREFUSED",
  "ECONNRESET",
  "ENOTFOUND",
  "ETIMEDOUT",
  "EPIPE",
  "57P01",
  "57P02",
  "57P03",
  "08006",
  "08001",
]);

function isUnreachable(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  if (connectionCodes.has((error as NodeJS.ErrnoException).code ?? "")) return true;
  // FATAL: the server closed or rejected the connection. Too many connections (53300) is handled above.
  if (error instanceof pg.DatabaseError) return error.severity === "FATAL" && error.code !== "53300";
  return /Connection terminated|timeout exceeded when trying to connect|after calling end on the pool|is not queryable/.test(
    error.message,
  );
}
