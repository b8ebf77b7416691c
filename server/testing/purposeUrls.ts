import type { DatabaseUrls } from "../platform/database/database.ts";
import { postgresUrls } from "./postgres.ts";

export type PurposeUrls = Required<Omit<DatabaseUrls, "replicaUrl">>;

/** URLs of a test's database that log in as the role of their purpose each; openLogins() makes them work. */
export function purposeUrlsOf(ownerUrl: string): PurposeUrls {
  const { appUrl, accountsUrl, queueUrl } = postgresUrls();
  const { pathname } = new URL(ownerUrl);
  const here = (url: string) => Object.assign(new URL(url), { pathname }).href;
  const visitorsUrl = Object.assign(new URL(here(appUrl)), {
    username: "anon",
    password: "öf a visitor",
  }).href;
  return {
    url: here(appUrl),
    visitorsUrl,
    listenUrl: visitorsUrl,
    accountsUrl: here(accountsUrl),
    queueUrl: here(queueUrl),
  };
}
