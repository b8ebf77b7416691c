import { existsSync } from "node:fs";
import { join, relative } from "node:path";
import type { TestSpecification } from "vitest/node";
import { BaseSequencer } from "vitest/node";

/** Test files that take some five seconds or more, the longest first. */
const longFiles = [
  "prove/authority/part.test.ts",
  "server/start.test.ts",
  "server/postgres/embedded.test.ts",
  "server/live/live.test.ts",
  "server/platform/limits/limits.test.ts",
  "server/demo/removeDemoData.test.ts",
  "db/tests/migrate.test.ts",
  "db/tests/generatedFiles.test.ts",
  "words/tests/catalogue.test.ts",
  "server/jobs/startWorker.test.ts",
  "server/accounts/identities.test.ts",
  "prove/race/part.test.ts",
  "server/platform/limits/caps.test.ts",
  "server/platform/http/slowReaders.test.ts",
  "server/accounts/codes.test.ts",
  "prove/zones/part.test.ts",
  "server/postgres/backup/backup.test.ts",
  "server/accounts/passwordLane.test.ts",
  "server/bookings/calendarFile.test.ts",
  "prove/clock/part.test.ts",
];

/** Begins with the files that take longest, so that none of them is left over when the other workers are done. */
export class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const { root } = this.ctx.config;
    const missing = longFiles.filter((name) => !existsSync(join(root, name)));
    if (missing.length > 0)
      throw new Error(`scripts/longestFirst.ts names no test file: ${missing.join(", ")}`);
    const placeOf = ({ moduleId }: TestSpecification) => {
      const place = longFiles.indexOf(relative(root, moduleId));
      return place === -1 ? longFiles.length : place;
    };
    return (await super.sort(files)).toSorted((one, other) => placeOf(one) - placeOf(other));
  }
}
