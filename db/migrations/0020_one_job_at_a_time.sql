-- A job that nothing replaces is put in the queue by the library's way for single jobs: less than half the work, in every
-- booking, of its way for lists of jobs. That way wants a key, and takes two jobs with one key for one ("unsafe"): so each
-- has a key that no other has.

create or replace function private.enqueue(
  task text, payload jsonb default '{}', job_key text default null, run_at timestamptz default null)
  returns void
  language plpgsql security definer
  set search_path = pg_catalog, pg_temp
  as $$
begin
  if job_key is null then
    perform graphile_worker.add_job(
      identifier => task, payload => enqueue.payload::json, run_at => enqueue.run_at,
      job_key => gen_random_uuid()::text, job_key_mode => 'unsafe_dedupe');
    return;
  end if;
  loop
    -- Of jobs with one key that nobody has begun there is one. Nothing comes back, and nothing was enqueued, if a
    -- worker takes the earlier one at this moment: it may not see this transaction, so the job is wanted again.
    perform from graphile_worker.add_job(
      identifier => task, payload => enqueue.payload::json, run_at => enqueue.run_at, job_key => enqueue.job_key) job
      where job.id is not null;
    exit when found;
  end loop;
end
$$;
