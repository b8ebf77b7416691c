/** Logins of the real PostgreSQL that tests and proofs run on. */
export interface PostgresUrls {
  adminUrl: string;
  appUrl: string;
  accountsUrl: string;
  queueUrl: string;
  /** Where its socket is, if it has one that tests should use. */
  socketFolder?: string | null;
}

let current: PostgresUrls | undefined;

export function givePostgres(urls: PostgresUrls): void {
  current = urls;
}

/** @throws if `givePostgres` has not been called */
export function postgresUrls(): PostgresUrls {
  if (!current) throw new Error("No PostgreSQL was started for this process.");
  return current;
}
