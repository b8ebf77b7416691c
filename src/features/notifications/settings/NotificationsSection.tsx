import { useQuery } from "@tanstack/react-query";
import type { Me } from "#contract/accounts.ts";
import type { NotificationSettings } from "#contract/notificationSettings.ts";
import { controls } from "#words/controls.ts";
import { notificationSettings, unreachable } from "#words/notificationSettings.ts";
import { AccountSection } from "@/features/accounts/settings/AccountSection.tsx";
import { Alert } from "@/ui/Alert.tsx";
import { ProblemState } from "@/ui/ProblemState.tsx";
import { Skeleton } from "@/ui/Skeleton.tsx";
import { withElements } from "@/ui/withElements.tsx";
import { QuietHours } from "./QuietHours.tsx";
import { notificationSettingsQuery } from "./queries.ts";
import { ReminderTimes } from "./ReminderTimes.tsx";
import { TopicTable } from "./TopicTable.tsx";
import { useSettingsChanges } from "./useSettingsChanges.ts";

/** What the person is notified of, on which channels, and when. */
export function NotificationsSection({ me }: { me: Me }) {
  const { data: settings, error, refetch } = useQuery(notificationSettingsQuery(me.id));
  return (
    <AccountSection id="notifications" lead={notificationSettings.lead}>
      {settings ? (
        <Settings me={me} settings={settings} />
      ) : error ? (
        <ProblemState title={notificationSettings.failed} error={error} onRetry={refetch} />
      ) : (
        <div role="status" className="space-y-3">
          <span className="sr-only">{controls.loading}</span>
          <Skeleton className="h-96 w-full" />
          <Skeleton className="h-44 w-full" />
          <Skeleton className="h-14 w-full" />
        </div>
      )}
    </AccountSection>
  );
}

function Settings({ me, settings }: { me: Me; settings: NotificationSettings }) {
  const changes = useSettingsChanges(me.id);
  return (
    <>
      {!settings.is_address_reachable && (
        <Alert tone="warning" announce={false} title={unreachable.title}>
          <p>
            {withElements(unreachable.text, { email: <strong className="font-semibold">{me.email}</strong> })}
          </p>
        </Alert>
      )}
      <TopicTable muted={settings.muted} changes={changes} />
      <div className="border-t border-line pt-5">
        <ReminderTimes settings={settings} changes={changes} />
      </div>
      <div className="border-t border-line pt-5">
        <QuietHours me={me} quiet={settings.quiet_hours} changes={changes} />
      </div>
    </>
  );
}
