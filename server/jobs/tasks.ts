import type { TaskList } from "graphile-worker";
import { alertTasks } from "../alerts/jobs.ts";
import { notificationTasks } from "../notifications/jobs.ts";
import type { Services } from "../platform/http/route.ts";
import { timeRequestTasks } from "../timeRequests/jobs.ts";
import { cleanUpTasks } from "./cleanUps.ts";

/**
 * All that is done later. A job may run twice, late, or at the same time as its twin: each looks again before it acts,
 * and what it does twice it does once. A job that fails is tried 25 times, the queue library's default, after e^n seconds and at
 * most some six hours; the clean-ups below are tried three times, as the next minute or night brings the next one.
 */
export function taskList(services: Services): TaskList {
  return {
    ...cleanUpTasks(services),
    ...notificationTasks(services),
    ...timeRequestTasks(services),
    ...alertTasks(services),
  };
}

/**
 * When the clean-ups run, in UTC. `jobKey`: one that is still waiting is not waited for twice. `fill`: what was due
 * while no process ran is done at the next start.
 */
export const crontab = `
* * * * * free_lapsed_time ?jobKey=free_lapsed_time&max=3
* * * * * lapse_time_requests ?jobKey=lapse_time_requests&max=3
* * * * * lapse_no_show_claims ?jobKey=lapse_no_show_claims&max=3
*/5 * * * * complete_held_sessions ?jobKey=complete_held_sessions&max=3
*/10 * * * * forget_call_counts ?jobKey=forget_call_counts&max=3
17 * * * * check_all_alerts ?jobKey=check_all_alerts&max=3
13 3 * * * expire_alerts ?fill=1d&jobKey=expire_alerts&max=3
23 3 * * * cancel_abandoned_bookings ?fill=1d&jobKey=cancel_abandoned_bookings&max=3
33 3 * * * forget_idempotency_keys ?fill=1d&jobKey=forget_idempotency_keys&max=3
38 * * * * forget_expired_sessions ?jobKey=forget_expired_sessions&max=3
37 * * * * forget_booking_origins ?jobKey=forget_booking_origins&max=3
43 3 * * * forget_old_notifications ?fill=1d&jobKey=forget_old_notifications&max=3
53 3 * * 1 remove_past_blocked_dates ?fill=1w&jobKey=remove_past_blocked_dates&max=3
13 4 1 * * archive_old_bookings ?fill=4w&jobKey=archive_old_bookings&max=3
`;
