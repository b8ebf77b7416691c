import { z } from "zod";
import type { ErrorCode } from "#contract/errors.ts";
import { numberLimits } from "#rules/limits.ts";
import { fieldErrors } from "#words/fields.ts";
import { Refusal, refuseField } from "../platform/errors.ts";

const { passwordCharacters } = numberLimits;

const passwordErrors = {
  tooShort: fieldErrors.tooShort(passwordCharacters.min),
  tooLong: fieldErrors.tooLong(passwordCharacters.max),
};

/** A password that a person chooses. */
export const newPassword = z
  .string(fieldErrors.missing)
  .min(passwordCharacters.min, passwordErrors.tooShort)
  .max(passwordCharacters.max, passwordErrors.tooLong);
/** One that a person has: it may be older than the rules. */
export const ownPassword = z
  .string(fieldErrors.missing)
  .min(1, fieldErrors.missing)
  .max(passwordCharacters.max, passwordErrors.tooLong);

/**
 * Translates an error response of the accounts library. Only its code and the field that it names are used: its own
 * English never reaches a client.
 * @param request body of the request, which says what the library calls a password
 */
export function refusalOfLibrary(status: number, response: string, request: unknown): Refusal {
  const { code, message } = parseError(response);
  const known = fieldOf(code, isObject(request) && "newPassword" in request);
  if (known) return refuseField(known.field, known.message);
  // "[body.email] Invalid email address; [body.password] …"
  const [, field] = /^\[(?:body|query)\.(\w+)\]/.exec(message ?? "") ?? [];
  if (field) return refuseField(field, messageFor(field, request));
  return new Refusal(codeOf(status, code));
}

/** The library's codes that a person can fix, with the field to fix. */
function fieldOf(
  code: string | undefined,
  changesPassword: boolean,
): { field: string; message: string } | undefined {
  switch (code) {
    case "INVALID_EMAIL":
      return { field: "email", message: fieldErrors.email };
    case "PASSWORD_TOO_SHORT":
      return { field: changesPassword ? "newPassword" : "password", message: passwordErrors.tooShort };
    case "PASSWORD_TOO_LONG":
      return { field: changesPassword ? "newPassword" : "password", message: passwordErrors.tooLong };
    case "INVALID_PASSWORD":
      return { field: changesPassword ? "currentPassword" : "password", message: fieldErrors.wrongPassword };
    case "INVALID_CODE":
    case "INVALID_BACKUP_CODE":
      return { field: "code", message: fieldErrors.wrongCode };
    default:
      return undefined;
  }
}

function messageFor(field: string, request: unknown): string {
  if (field === "email") return fieldErrors.email;
  const isGiven = isObject(request) && field in request;
  return isGiven ? fieldErrors.invalid : fieldErrors.missing;
}

/** The library's codes for which we have one of our own. */
const ourCodes: Readonly<Record<string, ErrorCode>> = {
  INVALID_TWO_FACTOR_COOKIE: "second_step_over",
  TOO_MANY_ATTEMPTS_REQUEST_NEW_CODE: "second_step_over",
  TOTP_NOT_ENABLED: "second_step_over",
  BACKUP_CODES_NOT_ENABLED: "second_step_over",
  ACCOUNT_TEMPORARILY_LOCKED: "rate_limited",
  PASSKEY_NOT_ACCEPTED: "passkey_not_accepted",
};

function codeOf(status: number, code: string | undefined): ErrorCode {
  const ours = code === undefined ? undefined : ourCodes[code];
  if (ours) return ours;
  if (status === 401) return code?.startsWith("INVALID_") ? "invalid_credentials" : "unauthenticated";
  if (status === 403) return "forbidden";
  if (status === 404) return "not_found";
  return status >= 500 ? "internal" : "validation_failed";
}

function parseError(body: string): { code?: string; message?: string } {
  try {
    const { code, message } = JSON.parse(body) as { code?: unknown; message?: unknown };
    return {
      ...(typeof code === "string" ? { code } : {}),
      ...(typeof message === "string" ? { message } : {}),
    };
  } catch {
    return {};
  }
}

function isObject(value: unknown): value is object {
  return typeof value === "object" && value !== null;
}
