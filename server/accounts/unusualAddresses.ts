import {
  type KyselyPlugin,
  OperationNodeTransformer,
  type PrimitiveValueListNode,
  type QueryId,
  type ValueNode,
} from "kysely";
import { z } from "zod";
import { email } from "#contract/primitives.ts";

/**
 * Encodes an address that HTML and mail servers accept but the accounts library rejects (`a&b@example.com`,
 * `…@….xn--h2brj9c`) with a pattern that cannot be configured. The plugin below decodes it on the way to the database, and
 * `openAddresses` on the way to the caller, so only the address itself is stored and returned.
 */
export function disguiseAddress(address: string): string {
  if (z.email().safeParse(address).success || !email.safeParse(address).success) return address;
  return `x${Buffer.from(address.toLowerCase()).toString("hex")}@disguised.invalid`;
}

export function openAddresses(text: string): string {
  return text.replace(/\bx((?:[0-9a-f]{2})+)@disguised\.invalid/g, (_, hex: string) =>
    Buffer.from(hex, "hex").toString(),
  );
}

class AddressOpener extends OperationNodeTransformer {
  /** Queries with an encoded address: their rows are encoded again, because the library compares them. */
  readonly opened = new WeakSet<QueryId>();

  protected override transformValue(node: ValueNode, queryId?: QueryId): ValueNode {
    return { ...node, value: this.#open(node.value, queryId) };
  }

  protected override transformPrimitiveValueList(
    node: PrimitiveValueListNode,
    queryId?: QueryId,
  ): PrimitiveValueListNode {
    return { ...node, values: node.values.map((value) => this.#open(value, queryId)) };
  }

  #open(value: unknown, queryId: QueryId | undefined): unknown {
    if (typeof value !== "string") return value;
    const open = openAddresses(value);
    if (open !== value && queryId) this.opened.add(queryId);
    return open;
  }
}

export function unusualAddresses(): KyselyPlugin {
  const opener = new AddressOpener();
  return {
    transformQuery: ({ node, queryId }) => opener.transformNode(node, queryId),
    transformResult: async ({ result, queryId }) =>
      opener.opened.has(queryId) ? { ...result, rows: result.rows.map(disguiseRow) } : result,
  };
}

function disguiseRow<Row extends object>(row: Row): Row {
  return "email" in row && typeof row.email === "string"
    ? { ...row, email: disguiseAddress(row.email) }
    : row;
}
