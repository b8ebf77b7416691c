import type { waitlistLinkActions } from "#contract/waitlist.ts";

type Action = (typeof waitlistLinkActions)[number];

const form = /^v1\.(leave|pass)\.[0-9a-f-]{36}\.[0-9a-f-]{36}\.[\w-]{43}$/;

/** What the token of a link (`/waitlist#<token>`, server/mail/waitlistLink.ts) does; null if it is none. The server judges it. */
export function actionOfToken(hash: string): { token: string; action: Action } | null {
  const token = hash.replace(/^#/, "");
  const [, action] = form.exec(token) ?? [];
  return action ? { token, action: action as Action } : null;
}
