import { useQuery, useQueryClient } from "@tanstack/react-query";
import { CalendarSync } from "lucide-react";
import { useEffect, useState } from "react";
import type { Me } from "#contract/accounts.ts";
import type { CalendarConnectionList } from "#contract/calendarConnections.ts";
import { calendarsSection } from "#words/calendarConnections.ts";
import { controls } from "#words/controls.ts";
import { AccountSection } from "@/features/accounts/settings/AccountSection.tsx";
import { paths } from "@/lib/paths.ts";
import { ownKeys, queryKeys } from "@/lib/queryKeys.ts";
import { navigate } from "@/lib/router/location.ts";
import { useSearchParams } from "@/lib/router/router.tsx";
import { Alert } from "@/ui/Alert.tsx";
import { Button } from "@/ui/Button.tsx";
import { EmptyState } from "@/ui/EmptyState.tsx";
import { ProblemState } from "@/ui/ProblemState.tsx";
import { Skeleton } from "@/ui/Skeleton.tsx";
import { ConnectDialog } from "./ConnectDialog.tsx";
import { ConnectionItem } from "./ConnectionItem.tsx";
import { returnOf } from "./calendarReturn.ts";
import { connectionsQuery } from "./queries.ts";

/** A person's calendars elsewhere. */
export function CalendarsSection({ me }: { me: Me }) {
  const { data, error, refetch } = useQuery(connectionsQuery(me.id));
  const [search] = useSearchParams();
  const [arrival] = useState(() => returnOf(search));
  // What has been said once is not said again by a reload.
  useEffect(() => {
    if (arrival) navigate(paths.account("calendars"), { replace: true });
  }, [arrival]);
  return (
    <AccountSection id="calendars" lead={calendarsSection.lead[me.mentor ? "mentor" : "student"]}>
      {arrival && <Alert tone={arrival.tone}>{arrival.sentence}</Alert>}
      {data ? (
        <Connections me={me} list={data} />
      ) : error ? (
        <ProblemState title={calendarsSection.failed} error={error} onRetry={refetch} />
      ) : (
        <div role="status" className="space-y-3">
          <span className="sr-only">{controls.loading}</span>
          <Skeleton className="h-28 w-full" />
          <Skeleton className="h-11 w-48" />
        </div>
      )}
    </AccountSection>
  );
}

function Connections({
  me,
  list: { data, offers, stale_minutes },
}: {
  me: Me;
  list: CalendarConnectionList;
}) {
  const queryClient = useQueryClient();
  const [isConnecting, setIsConnecting] = useState(false);
  const readAgain = async () => {
    await queryClient.invalidateQueries({ queryKey: ownKeys.calendarConnections(me.id) });
    // What is offered, and the mentor's own calendar, follow the busy times.
    if (me.mentor) void queryClient.invalidateQueries({ queryKey: queryKeys.slots(me.id) });
    void queryClient.invalidateQueries({ queryKey: queryKeys.bookings });
  };
  const connect = (
    <Button variant={data.length === 0 ? "primary" : "secondary"} onClick={() => setIsConnecting(true)}>
      {calendarsSection.connect}
    </Button>
  );
  return (
    <>
      {data.length === 0 ? (
        <EmptyState Icon={CalendarSync} level={3} title={calendarsSection.none} className="py-8">
          {connect}
        </EmptyState>
      ) : (
        <>
          <ul aria-label={calendarsSection.list} className="space-y-4">
            {data.map((connection) => (
              <ConnectionItem
                key={connection.id}
                connection={connection}
                isMentor={me.mentor !== null}
                staleMinutes={stale_minutes}
                onChange={readAgain}
              />
            ))}
          </ul>
          {connect}
        </>
      )}
      {isConnecting && (
        <ConnectDialog
          offers={offers}
          isMentor={me.mentor !== null}
          onClose={() => setIsConnecting(false)}
          onConnect={readAgain}
        />
      )}
    </>
  );
}
