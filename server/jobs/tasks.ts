import type { TaskList } from "graphile-worker";
import { alertTasks } from "../alerts/jobs.ts";
import type { ForgetAccount } from "../auth/forgetAccount.ts";
import type { Connecting } from "../calendarConnections/connectionKinds.ts";
import { calendarTasks } from "../calendarConnections/jobs.ts";
import { meetingTasks } from "../meetings/jobs.ts";
import { type Meetings, noMeetings } from "../meetings/makers.ts";
import { notificationTasks } from "../notifications/jobs.ts";
import { paymentTasks } from "../payments/jobs.ts";
import type { PaymentProvider } from "../payments/provider.ts";
import { sandboxTasks } from "../payments/sandbox/jobs.ts";
import { payoutTasks } from "../payouts/jobs.ts";
import { personalDataTasks } from "../personalData/jobs.ts";
import type { Dependencies } from "../platform/http/route.ts";
import type { Metrics } from "../platform/metrics/metrics.ts";
import { reconciliationTasks } from "../reconciliation/jobs.ts";
import { sessionEntryTasks } from "../sessionEntries/jobs.ts";
import { timeRequestTasks } from "../timeRequests/jobs.ts";
import { waitlistTasks } from "../waitlist/jobs.ts";
import { cleanUpTasks } from "./cleanUps.ts";

/**
 * How often a failing job is tried, the first time included: the n-th retry waits e^n seconds, at most some six hours. Jobs
 * that the database enqueues (`private.enqueue` sets the same number) must not get lost; scheduled ones come again anyway.
 */
export const jobAttempts = { enqueued: 25, scheduled: 3 };

/**
 * All background jobs. A job may run twice, late, or at the same time as a second run of itself, so each checks the
 * current state before it acts and is idempotent.
 */
export function taskList(
  dependencies: Dependencies & { secret: string; forgetAccount?: ForgetAccount },
  provider: PaymentProvider | null = null,
  connecting: Connecting | null = null,
  meetings: Meetings = noMeetings,
  metrics?: Metrics,
): TaskList {
  return {
    ...cleanUpTasks(dependencies),
    ...notificationTasks(dependencies),
    ...timeRequestTasks(dependencies),
    ...alertTasks(dependencies),
    ...waitlistTasks(dependencies),
    ...meetingTasks({ ...dependencies, ...meetings }),
    ...personalDataTasks(dependencies),
    ...paymentTasks(dependencies, provider),
    ...payoutTasks(dependencies, provider),
    ...sandboxTasks(dependencies, provider),
    ...reconciliationTasks(dependencies, provider),
    ...calendarTasks(dependencies, connecting, metrics),
    ...sessionEntryTasks(dependencies, connecting),
  };
}

/**
 * When the scheduled jobs run, in UTC. `jobKey`: a run is not queued while an earlier one is waiting. `fill`: runs missed
 * while no process was up are made up for at the next start.
 */
export const crontab = `
* * * * * poll_payments ?jobKey=poll_payments&max=${jobAttempts.scheduled}
* * * * * sync_calendars ?jobKey=sync_calendars&max=${jobAttempts.scheduled}
38 3 * * * reseal_calendar_logins ?fill=1d&jobKey=reseal_calendar_logins&max=${jobAttempts.scheduled}
* * * * * send_reminders ?jobKey=send_reminders&max=${jobAttempts.scheduled}
* * * * * free_lapsed_time ?jobKey=free_lapsed_time&max=${jobAttempts.scheduled}
* * * * * decide_group_sessions ?jobKey=decide_group_sessions&max=${jobAttempts.scheduled}
* * * * * expire_time_requests ?jobKey=expire_time_requests&max=${jobAttempts.scheduled}
* * * * * expire_no_show_claims ?jobKey=expire_no_show_claims&max=${jobAttempts.scheduled}
*/10 * * * * earn_payments ?jobKey=earn_payments&max=${jobAttempts.scheduled}
*/10 * * * * send_transfers ?jobKey=send_transfers&max=${jobAttempts.scheduled}
7,17,27,37,47,57 * * * * settle_offers ?jobKey=settle_offers&max=${jobAttempts.scheduled}
*/5 * * * * complete_held_sessions ?jobKey=complete_held_sessions&max=${jobAttempts.scheduled}
*/10 * * * * delete_call_counts ?jobKey=delete_call_counts&max=${jobAttempts.scheduled}
*/10 * * * * follow_removals ?jobKey=follow_removals&max=${jobAttempts.scheduled}
17 * * * * check_all_alerts ?jobKey=check_all_alerts&max=${jobAttempts.scheduled}
*/5 * * * * offer_all_waitlists ?jobKey=offer_all_waitlists&max=${jobAttempts.scheduled}
13 3 * * * expire_alerts ?fill=1d&jobKey=expire_alerts&max=${jobAttempts.scheduled}
23 3 * * * cancel_abandoned_bookings ?fill=1d&jobKey=cancel_abandoned_bookings&max=${jobAttempts.scheduled}
33 3 * * * delete_idempotency_keys ?fill=1d&jobKey=delete_idempotency_keys&max=${jobAttempts.scheduled}
38 * * * * delete_expired_logins ?jobKey=delete_expired_logins&max=${jobAttempts.scheduled}
37 * * * * delete_booking_origins ?jobKey=delete_booking_origins&max=${jobAttempts.scheduled}
8 3 * * * delete_waitlist_entries ?fill=1d&jobKey=delete_waitlist_entries&max=${jobAttempts.scheduled}
43 3 * * * delete_old_notifications ?fill=1d&jobKey=delete_old_notifications&max=${jobAttempts.scheduled}
28 3 * * * reconcile_payments ?fill=1d&jobKey=reconcile_payments&max=${jobAttempts.scheduled}
48 3 * * * delete_old_deliveries ?fill=1d&jobKey=delete_old_deliveries&max=${jobAttempts.scheduled}
18 3 * * * delete_old_payment_events ?fill=1d&jobKey=delete_old_payment_events&max=${jobAttempts.scheduled}
58 * * * * continue_deletions ?jobKey=continue_deletions&max=${jobAttempts.scheduled}
28 3 * * * forget_payout_accounts ?fill=1d&jobKey=forget_payout_accounts&max=${jobAttempts.scheduled}
53 3 * * 1 remove_past_blocked_dates ?fill=1w&jobKey=remove_past_blocked_dates&max=${jobAttempts.scheduled}
13 4 1 * * archive_old_bookings ?fill=4w&jobKey=archive_old_bookings&max=${jobAttempts.scheduled}
`;
