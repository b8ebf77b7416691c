import { captureLog } from "../server/testing/logCapture.ts";
import { openTestApp, type Person, type TestApp, type TestAppOptions } from "../server/testing/testApp.ts";
import { callOver } from "./overHttp.ts";

/** An app that listens, and a crowd of people who call it over HTTP. */
export interface Stage {
  test: TestApp;
  address: string;
  people: Person[];
  /** The errors that the app has logged; normally empty. */
  errors: () => string;
}

/** Opens a stage on its own database, plays on it, and drops it. */
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
