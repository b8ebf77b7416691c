import { freePort } from "../../server/testing/freePort.ts";
import { openSmtpServer, type TestSmtpServer } from "../../server/testing/smtpServer.ts";
import { openTestApp, type TestApp } from "../../server/testing/testApp.ts";
import { startVictim, type Victim } from "../crashes/victim.ts";
import { type Nginx, startNginx } from "./nginx.ts";

/** How the processes reach the database. */
export interface Way {
  url: string;
  /** Further URLs. */
  settings: Readonly<Record<string, string>>;
  close(): Promise<void>;
}

interface Options {
  /** The owner's URL without anything between if left out. */
  connect?: (test: TestApp) => Promise<Way>;
  hasWorker?: boolean;
  /** s that an app goes on serving after SIGTERM */
  drain?: number;
}

/** Two apps and a worker as processes, nginx in front of the apps, and a mail server. */
export interface Stack {
  test: TestApp;
  /** Of nginx. */
  address: string;
  smtp: TestSmtpServer;
  hasWorker: boolean;
  nginx: Nginx;
  /**
   * Ends an app and starts another one on its port, which nginx then knows again.
   * @param takesOut whether nginx sends it nothing from before its end until the other one serves
   */
  replace(index: 0 | 1, signal: "SIGTERM" | "SIGKILL", takesOut: boolean): Promise<void>;
}

const direct = async (test: TestApp): Promise<Way> => ({
  url: test.db.ownerUrl,
  settings: {},
  close: async () => undefined,
});

/** Opens a stack on a database of its own, plays on it, and closes both. */
export async function onStack<T>(
  play: (stack: Stack) => Promise<T>,
  { connect = direct, hasWorker = true, drain = 2 }: Options = {},
): Promise<T> {
  const test = await openTestApp();
  const closing: (() => Promise<unknown>)[] = [() => test.close()];
  try {
    const way = await connect(test);
    closing.push(way.close);
    const smtp = await openSmtpServer();
    closing.push(smtp.close);
    const port = await freePort("127.0.0.1");
    const address = `http://127.0.0.1:${port}`;
    const ports = [await freePort("127.0.0.1"), await freePort("127.0.0.1")] as const;
    const start = async (program: "main" | "worker", settings: Readonly<Record<string, string>>) => {
      const started = await startVictim(program, way.url, {
        ...way.settings,
        ...settings,
        MIGRATE: "off",
        PUBLIC_URL: address,
      });
      closing.push(() => started.kill());
      return started;
    };
    const startApp = (at: number): Promise<Victim> =>
      start("main", { PORT: String(at), TRUST_PROXY: "127.0.0.1", DRAIN_SECONDS: String(drain) });
    const mail = { SMTP_URL: smtp.url, MAIL_FROM: "matepeak@example.com", MAIL_PER_SECOND: "10000" };
    const [apps] = await Promise.all([
      Promise.all(ports.map(startApp)),
      hasWorker ? start("worker", mail) : undefined,
    ]);
    const nginx = await startNginx(port, ports);
    closing.push(nginx.stop);
    return await play({
      test,
      address,
      smtp,
      hasWorker,
      nginx,
      replace: async (index, signal, takesOut) => {
        if (takesOut) await nginx.takeOut(ports[index]);
        await apps[index]?.kill(signal);
        apps[index] = await startApp(ports[index]);
        if (takesOut) await nginx.takeOut();
      },
    });
  } finally {
    for (const close of closing.reverse()) await close();
  }
}
