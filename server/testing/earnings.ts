import { type Booking, booking } from "#contract/bookings.ts";
import { payment } from "#contract/payments.ts";
import { bookAny } from "./booking.ts";
import type { TestProvider } from "./paymentProvider.ts";
import type { Mentor, Person, TestApp } from "./testApp.ts";

/** Books the next free time with a mentor and pays for it. */
export async function bookPaid(provider: TestProvider, student: Person, mentor: Mentor): Promise<Booking> {
  const held = await bookAny(student, mentor);
  (await student.call("POST", `/bookings/${held.id}/payment/checkout`)).expect(200);
  const { id } = (await student.call("GET", `/bookings/${held.id}/payment`)).read(payment);
  provider.pay(provider.orderOf(id).id);
  (await student.call("POST", `/bookings/${held.id}/payment/refresh`)).expect(200);
  return (await student.call("GET", `/bookings/${held.id}`)).read(booking);
}

/** As if these sessions had taken place, and the time in which they can be disputed were over: their money is the mentor's. */
export async function letEarn({ db }: TestApp, mentor: Mentor, ids: readonly string[]): Promise<void> {
  const { owner } = db;
  await owner.query("set session_replication_role = replica");
  await owner.query("update bookings set status = 'completed' where id = any($1)", [ids]);
  await owner.query("update payments set due_at = now() - interval '1 minute' where booking_id = any($1)", [
    ids,
  ]);
  await owner.query("reset session_replication_role");
  await owner.query("select private.earn_payments($1, 1000)", [mentor.id]);
}

/** All money that is in the ledger of a mentor, by account, and where the kept balances differ from their transfers. */
export async function readLedger({ db }: TestApp, mentor: Pick<Mentor, "id">) {
  const { rows } = await db.owner.query<{ kind: string; balance: number }>(
    `select kind, sum(amount)::bigint as balance from (
       select to_kind as kind, amount_minor as amount from private.ledger_transfers where expert_id = $1
       union all select from_kind, -amount_minor from private.ledger_transfers where expert_id = $1) lines
     group by kind having sum(amount) <> 0`,
    [mentor.id],
  );
  const { rows: faults } = await db.owner.query(
    `select a.kind, a.owner_id, a.balance_minor, coalesce(sum(l.amount), 0) as of_transfers
     from private.ledger_accounts a left join (
       select expert_id, to_kind as kind, to_owner as owner, amount_minor as amount from private.ledger_transfers
       union all select expert_id, from_kind, from_owner, -amount_minor from private.ledger_transfers
     ) l on l.expert_id = a.expert_id and l.kind = a.kind and l.owner = a.owner_id
     where a.expert_id = $1 group by 1, 2, 3 having a.balance_minor <> coalesce(sum(l.amount), 0)`,
    [mentor.id],
  );
  return { balances: Object.fromEntries(rows.map(({ kind, balance }) => [kind, balance])), faults };
}
