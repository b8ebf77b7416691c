// Sees which statements a request sends, and sends them again by hand.
import pg from "pg";

export interface Statement {
  role: string;
  text: string;
  values: unknown[];
}

type Query = (this: pg.Client, ...asked: unknown[]) => unknown;

export interface Recorder {
  /** Returns the statements of the work, with the role of each; not what opens and ends transactions. */
  record(work: () => Promise<unknown>): Promise<Statement[]>;
}

/** Watches all connections of this process; to be opened before any of them. */
export function openRecorder(): Recorder {
  let statements: Statement[] | undefined;
  const roles = new WeakMap<pg.Client, string>();
  const prototype = pg.Client.prototype as unknown as { query: Query };
  const { query } = prototype;
  prototype.query = function watch(...asked) {
    const [config, given] = asked as [string | { text: string; values?: unknown[] }, unknown];
    const { text, values } = typeof config === "string" ? { text: config, values: given } : config;
    const begun = /^begin; set local role (\w+)/.exec(text);
    if (begun) roles.set(this, begun[1]!);
    else if (!/^(select 1|select current_setting\(|rollback)/.test(text)) {
      const [, ofPool = ""] = /^matepeak (\w+)$/.exec(nameOf(this)) ?? [];
      const role = roles.get(this) ?? ofPool;
      if (role !== "") statements?.push({ role, text, values: Array.isArray(values) ? values : [] });
    }
    return query.apply(this, asked);
  };
  return {
    record: async (work) => {
      statements = [];
      await work();
      const recorded = statements;
      statements = undefined;
      return recorded;
    },
  };
}

function nameOf(client: pg.Client): string {
  return (client as unknown as { connectionParameters: { application_name: string } }).connectionParameters
    .application_name;
}

export interface ByHand {
  /** Runs the statements, prepared, one after the other. */
  run(): Promise<void>;
  close(): Promise<void>;
}

/** Prepares statements on a connection per role that does nothing else. @param person who asks, for auth.uid() */
export async function prepareByHand(
  ownerUrl: string,
  statements: readonly Statement[],
  person: string | undefined,
): Promise<ByHand> {
  const clients = new Map<string, pg.Client>();
  for (const role of new Set(statements.map((statement) => statement.role))) {
    const client = new pg.Client({ connectionString: ownerUrl, application_name: "by hand" });
    await client.connect();
    await client.query(
      "select set_config('timezone', 'UTC', false), set_config('request.jwt.claims', $1, false)",
      [JSON.stringify(person ? { sub: person, role } : { role })],
    );
    await client.query(`set role ${role}`);
    clients.set(role, client);
  }
  return {
    run: async () => {
      for (const [index, { role, text, values }] of statements.entries()) {
        await clients.get(role)!.query({ name: `statement_${index}`, text, values });
      }
    },
    close: async () => {
      await Promise.all(Array.from(clients.values(), (client) => client.end()));
    },
  };
}
