import type { DeletionPreview } from "#contract/personalData.ts";
import { decimalOfMinor } from "#rules/money.ts";
import { accountDeletedReason, deletedPerson } from "#words/personalData.ts";
import type { ForgetAccount } from "../auth/forgetAccount.ts";
import { writeAccountMailIn } from "../mail/accountMail.ts";
import type { Database, UserTx } from "../platform/database/database.ts";
import type { Identity } from "../platform/http/identity.ts";
import type { Dependencies } from "../platform/http/route.ts";
import { leaveWaitlists } from "../waitlist/leaveWaitlists.ts";

interface UnusedRow extends Omit<DeletionPreview["unused_packages"][number], "refund"> {
  refund_minor: number;
}

/** Sessions that the preview names. */
const namedSessions = 5;

/** Returns what deleting the caller's account would cancel. */
export async function previewDeletion(database: Database, caller: Identity): Promise<DeletionPreview> {
  const counts = await database.asSystem("counts are about both sides", caller.id, async ({ client }) => {
    const { rows } = await client.query<{ sessions: number; time_requests: number; has_password: boolean }>(
      "select *, private.has_password($1) as has_password from private.upcoming_of($1)",
      [caller.id],
    );
    const [row] = rows;
    if (!row) throw new Error("The upcoming sessions were not counted.");
    const packages = await client.query<UnusedRow>("select * from private.unused_packages_of($1)", [
      caller.id,
    ]);
    return { ...row, packages: packages.rows };
  });
  return database.asUser(caller.id, async (tx) => ({
    sessions: counts.sessions,
    time_requests: counts.time_requests,
    next_sessions: await readNextSessions(tx, caller),
    has_mentor_page: await isMentor(tx, caller),
    unused_packages: counts.packages.map(({ refund_minor, ...row }) => ({
      ...row,
      refund: decimalOfMinor(refund_minor, row.currency),
    })),
    proof: counts.has_password ? "password" : "recent_sign_in",
  }));
}

async function readNextSessions({ client }: UserTx, { id }: Identity) {
  const { rows } = await client.query<{ id: string; title: string; with: string; starts_at: Date }>(
    `select b.id, s.title, case when b.user_id = $1 then p.full_name else b.user_name end as with, b.starts_at
     from bookings b join services s on s.id = b.service_id and s.expert_id = b.expert_id
       join expert_profiles p on p.id = b.expert_id
     where $1 in (b.user_id, b.expert_id) and b.status in ('pending', 'confirmed') and b.starts_at > now()
     order by b.starts_at, b.id limit $2`,
    [id, namedSessions],
  );
  return rows.map(({ starts_at, ...row }) => ({ ...row, starts_at: starts_at.toISOString() }));
}

async function isMentor({ client }: UserTx, { id }: Identity): Promise<boolean> {
  const { rowCount } = await client.query("select from expert_profiles where id = $1", [id]);
  return rowCount === 1;
}

/**
 * Begins the deletion of the caller's account, with its last mail, in one transaction: every way to sign in is gone, a
 * mentor's page is hidden, and the address is free for another account. The job `delete_account` does the rest. Nothing
 * happens if the deletion has begun before.
 */
export async function beginDeletion(
  { database, now, secret }: Dependencies & { secret: string },
  caller: Identity,
): Promise<void> {
  await database.asSystem("an account is closed in tables that are nobody's own", caller.id, async (tx) => {
    const { rows } = await tx.client.query<{ begun: boolean }>("select private.request_deletion() as begun");
    if (!rows[0]?.begun) return;
    await writeAccountMailIn(
      tx,
      { now, secret },
      { kind: "account_deleted", to: caller.email, name: caller.name },
    );
  });
}

export interface DeletionSizes {
  /** Sessions or requests that one transaction cancels. */
  cancelled: number;
  /** Rows that one transaction erases. */
  erased: number;
  /** ms; for how long the deletion waits until the other side's messages have been written and sent. */
  patience: number;
}

export const deletionSizes: DeletionSizes = { cancelled: 100, erased: 500, patience: 60 * 60_000 };

const reason = "a deletion reaches into the records of the other side";

/**
 * Goes on with a deletion where it was left: each step is repeated until there is nothing left to do, so it does not matter
 * where a worker was killed, or whether two of them do it at once. `rest` is called between two transactions.
 * @returns for how many ms to wait before the next try; undefined when the deletion is finished
 */
export async function goOnWithDeletion(
  database: Database,
  person: string,
  rest: () => Promise<void>,
  { cancelled, erased, patience }: DeletionSizes = deletionSizes,
  forgetAccount: ForgetAccount = async () => undefined,
): Promise<number | undefined> {
  const call = async <T>(text: string, values: unknown[]): Promise<T | undefined> => {
    const { rows } = await database.asSystem(reason, null, ({ client }) =>
      client.query<{ result: T }>(`select ${text} as result`, values),
    );
    await rest();
    return rows[0]?.result;
  };
  const untilNone = async (text: string, values: unknown[], most: number): Promise<void> => {
    while (((await call<number>(text, [...values, most])) ?? 0) >= most);
  };
  const advance = (from: string, to: string) =>
    call("private.go_on_with_deletion($1, $2, $3)", [person, from, to]);

  for (;;) {
    const { rows } = await database.asSystem(reason, null, ({ client }) =>
      client.query<{ step: string; age: number }>(
        "select step, extract(epoch from now() - since)::float8 * 1000 as age from private.deletion_step($1)",
        [person],
      ),
    );
    const [deletion] = rows;
    switch (deletion?.step) {
      case "cancelling":
        await leaveWaitlists(database, person);
        await untilNone("private.end_wishes($1, $2, $3)", [person, accountDeletedReason], cancelled);
        await cancelAll(database, person, cancelled, call);
        await advance("cancelling", "notifying");
        break;
      case "notifying":
        if (deletion.age < patience && (await call<boolean>("private.has_messages_to_come($1)", [person])))
          return Math.min(30_000, Math.max(1_000, deletion.age / 2));
        await advance("notifying", "erasing");
        break;
      case "erasing":
        // What was booked at the very moment of the deletion on a database whose accounts we cannot lock.
        if (await cancelAll(database, person, cancelled, call)) return 1_000;
        await untilNone(
          "private.erase_person($1, $2, $3, $4)",
          [person, deletedPerson, accountDeletedReason],
          erased,
        );
        await advance("erasing", "forgetting");
        break;
      case "forgetting":
        await forgetAccount(person);
        if (!(await call<boolean>("private.finish_deletion($1)", [person]))) return 30_000;
        break;
      default:
        return undefined;
    }
  }
}

/** Returns whether there was anything to cancel. One transaction locks one mentor. */
async function cancelAll(
  database: Database,
  person: string,
  most: number,
  call: <T>(text: string, values: unknown[]) => Promise<T | undefined>,
): Promise<boolean> {
  for (let found = false; ; found = true) {
    const { rows } = await database.asSystem(reason, null, ({ client }) =>
      client.query<{ id: string }>("select private.mentors_with_upcoming($1, $2) as id", [person, most]),
    );
    if (rows.length === 0) return found;
    for (const { id } of rows)
      while (
        ((await call<number>("private.cancel_upcoming($1, $2, $3, $4)", [
          id,
          person,
          accountDeletedReason,
          most,
        ])) ?? 0) >= most
      );
  }
}
