import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import type { Me } from "#contract/accounts.ts";
import type { CalendarFeed } from "#contract/calendarFeed.ts";
import { calendarFeedSection } from "#words/calendarFeed.ts";
import { controls } from "#words/controls.ts";
import { AccountSection } from "@/features/accounts/settings/AccountSection.tsx";
import { useNow } from "@/lib/clock/useNow.ts";
import { ownKeys } from "@/lib/queryKeys.ts";
import { timeAgo } from "@/lib/sessionTime.ts";
import { formatShortDay } from "@/lib/time.ts";
import { toast } from "@/lib/toast.ts";
import { useViewerTimeZone } from "@/lib/zones/viewerTimeZone.ts";
import { announce } from "@/ui/Announcer.tsx";
import { Button } from "@/ui/Button.tsx";
import { ConfirmDialog } from "@/ui/ConfirmDialog.tsx";
import { ProblemState } from "@/ui/ProblemState.tsx";
import { Skeleton } from "@/ui/Skeleton.tsx";
import { useAction } from "@/ui/useAction.ts";
import { createFeed, endFeed, readFeed } from "./api.ts";
import { NewAddress } from "./NewAddress.tsx";

/** Turns the calendar feed on and off. Its address is shown once, when it is created. */
export function CalendarFeedSection({ me }: { me: Me }) {
  const queryKey = ownKeys.calendarFeed(me.id);
  const { data: feed, error, refetch } = useQuery({ queryKey, queryFn: ({ signal }) => readFeed(signal) });
  return (
    <AccountSection id="calendar" lead={calendarFeedSection.lead}>
      {feed ? (
        <Feed feed={feed} queryKey={queryKey} />
      ) : error ? (
        <ProblemState title={calendarFeedSection.failed} error={error} onRetry={refetch} />
      ) : (
        <div role="status">
          <span className="sr-only">{controls.loading}</span>
          <Skeleton className="h-11 w-56" />
        </div>
      )}
    </AccountSection>
  );
}

function Feed({ feed, queryKey }: { feed: CalendarFeed; queryKey: readonly unknown[] }) {
  const queryClient = useQueryClient();
  const [url, setUrl] = useState<string | null>(null);
  const [asked, setAsked] = useState<"replace" | "turnOff" | null>(null);

  const makeAddress = async () => {
    const made = await createFeed();
    setUrl(made.url);
    queryClient.setQueryData<CalendarFeed>(queryKey, {
      is_on: true,
      created_at: made.created_at,
      last_read_at: null,
    });
    announce(calendarFeedSection.created);
  };
  const create = useAction(makeAddress, { failure: calendarFeedSection.createFailed });
  const close = () => setAsked(null);
  const focusAfter = () => document.getElementById("calendar")?.focus();

  return (
    <>
      {url ? <NewAddress url={url} /> : feed.is_on && <FeedState feed={feed} />}
      <p className="text-sm text-ink-soft">{calendarFeedSection.warning}</p>
      <div className="flex flex-wrap gap-2">
        {feed.is_on ? (
          <>
            <Button variant="secondary" onClick={() => setAsked("replace")}>
              {calendarFeedSection.replace}
            </Button>
            <Button variant="ghost" onClick={() => setAsked("turnOff")}>
              {calendarFeedSection.turnOff}
            </Button>
          </>
        ) : (
          <Button variant="secondary" onClick={create.run} pending={create.isPending}>
            {calendarFeedSection.create}
          </Button>
        )}
      </div>
      {asked === "replace" && (
        <ConfirmDialog
          title={calendarFeedSection.replaceTitle}
          keepLabel={calendarFeedSection.keep}
          confirmLabel={calendarFeedSection.replace}
          onClose={close}
          onConfirm={makeAddress}
        >
          <p>{calendarFeedSection.replaceText}</p>
        </ConfirmDialog>
      )}
      {asked === "turnOff" && (
        <ConfirmDialog
          title={calendarFeedSection.turnOffTitle}
          keepLabel={calendarFeedSection.keep}
          confirmLabel={calendarFeedSection.turnOff}
          onClose={close}
          onConfirm={async () => {
            await endFeed();
            setUrl(null);
            await queryClient.invalidateQueries({ queryKey });
            toast.success(calendarFeedSection.turnedOff);
          }}
          focusAfter={focusAfter}
        >
          <p>{calendarFeedSection.turnOffText}</p>
        </ConfirmDialog>
      )}
    </>
  );
}

function FeedState({ feed }: { feed: CalendarFeed }) {
  const now = useNow();
  const timeZone = useViewerTimeZone();
  return (
    <p>
      {feed.created_at && calendarFeedSection.on(formatShortDay(feed.created_at, timeZone))}{" "}
      {feed.last_read_at
        ? calendarFeedSection.lastRead(timeAgo(feed.last_read_at, now))
        : calendarFeedSection.neverRead}
    </p>
  );
}
