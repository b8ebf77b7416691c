import type { BetterAuthOptions, DBAdapter, Where } from "better-auth";
import { storedLoginToken } from "./loginToken.ts";

type AdapterOf = (options: BetterAuthOptions) => DBAdapter;
type Row = Record<string, unknown>;

/**
 * Stores the tokens of logins (the library's `session`) as hashes. The library has no setting for this, so its adapter is wrapped: tokens are
 * hashed in rows and conditions, and a row that was found by its token gets that token back. A row found in another way
 * has its id instead, which works only for revoking the login.
 */
export function hashedLogins(adapterOf: AdapterOf): AdapterOf {
  return (options) => {
    const adapter = adapterOf(options);
    return {
      ...adapter,
      ...hashingMethods(adapter),
      transaction: (work) => adapter.transaction((inner) => work({ ...inner, ...hashingMethods(inner) })),
    };
  };
}

type Methods = Omit<DBAdapter, "transaction">;

function hashingMethods(adapter: Methods): Partial<Methods> {
  return {
    create: async (asked) => {
      const token = tokenIn(asked.model, asked.data);
      if (token === undefined) return adapter.create(asked);
      const data = { ...asked.data, token: storedLoginToken(token) };
      return { ...(await adapter.create({ ...asked, data })), token };
    },
    findOne: async <T>(asked: Parameters<DBAdapter["findOne"]>[0]) => {
      const row = await adapter.findOne<T>(hashed(asked));
      return row && withToken(asked, row);
    },
    findMany: async <T>(asked: Parameters<DBAdapter["findMany"]>[0]) =>
      (await adapter.findMany<T>(hashed(asked))).map((row) => withToken(asked, row)),
    count: (asked) => adapter.count(hashed(asked)),
    update: async <T>(asked: Parameters<DBAdapter["update"]>[0]) => {
      const row = await adapter.update<T>(hashedUpdate(asked));
      return row && withToken(asked, row);
    },
    updateMany: (asked) => adapter.updateMany(hashedUpdate(asked)),
    delete: (asked) => adapter.delete(hashed(asked)),
    deleteMany: (asked) => adapter.deleteMany(hashed(asked)),
    consumeOne: async <T>(asked: Parameters<DBAdapter["consumeOne"]>[0]) => {
      const row = await adapter.consumeOne<T>(hashed(asked));
      return row && withToken(asked, row);
    },
  };
}

interface Asked {
  model: string;
  where?: Where[] | undefined;
}

const isToken = (asked: Asked, { field }: Where) => asked.model === "session" && field === "token";

function hashed<A extends Asked>(asked: A): A {
  if (!asked.where?.some((condition) => isToken(asked, condition))) return asked;
  const where = asked.where.map((condition) =>
    isToken(asked, condition) ? { ...condition, value: hashedValue(condition.value) } : condition,
  );
  return { ...asked, where };
}

function hashedValue(value: Where["value"]): Where["value"] {
  if (Array.isArray(value)) return value.map((one) => storedLoginToken(String(one)));
  return storedLoginToken(String(value));
}

function hashedUpdate<A extends Asked & { update: Row }>(asked: A): A {
  const token = tokenIn(asked.model, asked.update);
  const update = token === undefined ? asked.update : { ...asked.update, token: storedLoginToken(token) };
  return { ...hashed(asked), update };
}

function tokenIn(model: string, data: object): string | undefined {
  return model === "session" && "token" in data && typeof data.token === "string" ? data.token : undefined;
}

/** Returns the row with the token that it was found by, or with its id instead. */
function withToken<T>(asked: Asked, row: T): T {
  const { token: stored, id } = row as Row;
  if (asked.model !== "session" || stored === undefined) return row;
  const given = (asked.where ?? []).filter((condition) => isToken(asked, condition));
  const token = given.flatMap(({ value }) => value).find((one) => storedLoginToken(String(one)) === stored);
  return { ...row, token: token ?? id };
}
