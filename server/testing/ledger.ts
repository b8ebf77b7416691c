import type { ClientBase } from "pg";

/** Returns the differences between the ledger and the bookings; there must be none. */
export async function ledgerFaults(owner: ClientBase): Promise<unknown[]> {
  const { rows } = await owner.query(`
    select o.id, o.state, o.seats_taken, count(b.id) as live
    from public.occupancies o left join public.bookings b on b.occupancy_id = o.id and b.expert_id = o.expert_id
    where o.state <> 'hold'
    group by o.id, o.expert_id
    having count(b.id) <> o.seats_taken
      or (o.state = 'booked') <> (o.join_until is not null or bool_or(b.status in ('confirmed', 'completed')))
      or (o.state = 'requested' and o.expires_at is distinct from max(b.expires_at))
      or bool_or(b.id is not null and (b.expert_id, b.service_id, b.starts_at, b.ends_at)
           is distinct from (o.expert_id, o.service_id, o.starts_at, o.ends_at))`);
  return rows;
}
