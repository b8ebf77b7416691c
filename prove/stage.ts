import { captureLog } from "../server/testing/logCapture.ts";
import { openTestApp, type Person, type TestApp, type TestAppOptions } from "../server/testing/testApp.ts";
import { callOver } from "./overHttp.ts";

/** An app that listens, and a crowd of people who call it over HTTP. */
export interface Stage {
  test: TestApp;
  address: string;
  people: Person[];
  /** What the app has logged as an error; empty when all is well. */
  errors: () => string;
}

/** Opens a stage on a database of its own, plays on it, and throws it away. */
export async function onStage<T>(
  size: number,
  play: (stage: Stage) => Promise<T>,
  options: TestAppOptions = {},
): Promise<T> {
  const log = captureLog("error");
  const test = await openTestApp({ logger: log.options, ...options });
  try {
    const address = await test.listen();
    const crowd = await test.signUpCrowd(size);
    const people = crowd.map((person) => ({ ...person, call: callOver(address, person.token) }));
    return await play({ test, address, people, errors: log.text });
  } finally {
    await test.close();
  }
}
