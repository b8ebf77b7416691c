/** Queries over the whole demo that must return no rows; used by its tests. */

/** Rows of the ledger and of the bookings that do not match each other. */
export const ledgerMismatchesSql = `
  with held as (
    select occupancy_id, case when status = 'pending' then 'requested' else 'booked' end as state from bookings
    where occupancy_id is not null
    union all
    select occupancy_id, 'hold' from waitlist_offers where state = 'open'
  ), seats as (
    -- The first in the alphabet is what the session is: booked, hold, requested.
    select occupancy_id, count(*) as taken, min(state) as state from held group by occupancy_id
  )
  select o.id, 'ledger' as side from occupancies o left join seats on seats.occupancy_id = o.id
    join services s on s.id = o.service_id join expert_profiles p on p.id = o.expert_id
  where seats.taken is distinct from o.seats_taken or o.capacity <> s.capacity
    or o.state <> seats.state
    or o.during <> tstzrange(o.starts_at - p.buffer_before * interval '1 minute',
                             o.ends_at + p.buffer_after * interval '1 minute')
  union all
  select b.id, 'booking' from bookings b left join occupancies o on o.id = b.occupancy_id
  where (b.status = 'cancelled') <> (o.id is null)
    or (o.id is not null and (o.expert_id, o.service_id, o.starts_at, o.ends_at)
        is distinct from (b.expert_id, b.service_id, b.starts_at, b.ends_at))`;

/** Bookings whose wall clock, price or history does not match the mentor's rows. */
export const bookingMismatchesSql = `
  select b.id from bookings b
    join services s on s.id = b.service_id
    left join service_durations d on d.service_id = s.id and d.minutes = b.duration
    left join occupancies o on o.id = b.occupancy_id
    left join group_sessions g on g.occupancy_id = o.id
  where b.total_minor is distinct from coalesce(g.share_minor, d.price_minor) + case when b.add_recording then s.recording_price_minor else 0 end
    or s.expert_id <> b.expert_id or s.session_type <> b.session_type
    or b.starts_at <> private.instant_of(b.scheduled_date, b.scheduled_time, b.mentor_timezone)
    or b.revision <> (
      -- No-show events do not change the booking.
      select count(*) - 1 from booking_events e where e.booking_id = b.id and e.expert_id = b.expert_id and e.kind not like 'no\\_show\\_%')
    or b.status is distinct from (
      select e.to_status from booking_events e where e.booking_id = b.id and e.expert_id = b.expert_id order by e.id desc limit 1)
  union all
  select chain.booking_id from (
    select e.*, lag(e.to_status) over w as was, lag(e.created_at) over w as before, b.user_id
    from booking_events e join bookings b on b.id = e.booking_id and b.expert_id = e.expert_id
    window w as (partition by e.booking_id order by e.id)
  ) chain
  where from_status is distinct from was or created_at < before
    or (was is null) <> (kind = 'created')
    or (was is not null and not private.is_booking_step(from_status, to_status) and kind not like 'no\\_show\\_%')
    or actor_id is distinct from case actor when 'student' then user_id when 'mentor' then expert_id end`;
