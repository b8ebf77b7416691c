import type pg from "pg";
import { buildApp } from "../../server/app.ts";
import { type Database, openDatabase, type Queryable } from "../../server/platform/database/database.ts";
import type { LiveRevisionOptions } from "../../server/slots/liveRevisions.ts";
import { type Cable, layCable } from "../../server/testing/cable.ts";
import { postgresUrls } from "../../server/testing/postgres.ts";
import { openQuickPasswords } from "../../server/testing/quickPasswords.ts";
import { testConfig } from "../../server/testing/testApp.ts";
import { onStage, type Stage } from "../stage.ts";

/** Two processes of the app on one database: people book through the first and look at free times through the second. */
export interface TwoProcesses {
  stage: Stage;
  /** Of the second process. */
  address: string;
  /** What the live feed of the second process hears through. */
  cable: Cable;
  /** How often the second process has read revisions. */
  revisionReads: () => number;
}

/** @param liveRevisions of the second process */
export async function onTwoProcesses<T>(
  people: number,
  liveRevisions: LiveRevisionOptions,
  play: (processes: TwoProcesses) => Promise<T>,
): Promise<T> {
  return onStage(people, async (stage) => {
    const { pathname } = new URL(stage.test.db.ownerUrl);
    const { appUrl, accountsUrl } = postgresUrls();
    const inDatabase = (login: string) => Object.assign(new URL(login), { pathname }).href;
    const url = inDatabase(appUrl);
    const cable = await layCable(url);
    const own = openDatabase({ url, accountsUrl: inDatabase(accountsUrl) });
    const overCable = openDatabase({ url: cable.url });
    let reads = 0;
    const revisionPool = {
      query: (statement: pg.QueryConfig) => {
        reads += 1;
        return own.revisionPool.query(statement);
      },
    } as Queryable;
    const database: Database = { ...own, revisionPool, connectListener: overCable.connectListener };
    const app = await buildApp({
      config: testConfig,
      database,
      liveRevisions,
      passwords: openQuickPasswords(),
    });
    try {
      const address = await app.listen({ host: "127.0.0.1", port: 0 });
      return await play({ stage, address, cable, revisionReads: () => reads });
    } finally {
      cable.release();
      await app.close();
      await own.close();
      await overCable.close();
      cable.pull();
    }
  });
}
