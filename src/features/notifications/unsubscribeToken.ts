import { type Topic, topics } from "#rules/topics.ts";

const form = /^v1\.([a-z_]+)\.[0-9a-f-]{36}\.[\w-]{43}$/;

/** What the token of an unsubscribe link ends (server/mail/unsubscribeLink.ts); null if it is none. The server judges it. */
export function topicOfToken(token: string): Topic | null {
  const [, name] = form.exec(token) ?? [];
  return topics.find((topic) => topic === name) ?? null;
}
