import { Answer } from "../server/testing/answer.ts";
import type { Call } from "../server/testing/testApp.ts";

/** A caller over real HTTP; a visitor when there is no token. Paths are those below /api/v1. */
export function callOver(address: string, token?: string): Call {
  return async (method, path, body, headers = {}) => {
    const answer = await fetch(`${address}/api/v1${path}`, {
      method,
      headers: {
        ...(body === undefined ? {} : { "content-type": "application/json" }),
        ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
        ...headers,
      },
      ...(body === undefined ? {} : { body: typeof body === "string" ? body : JSON.stringify(body) }),
    });
    return new Answer(
      `${method} ${path}`,
      answer.status,
      Object.fromEntries(answer.headers),
      await answer.text(),
    );
  };
}
