import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import type { CheckSeries, CreateSeries } from "#contract/series.ts";
import type { RefusedSession } from "#contract/slots.ts";
import { numberLimits } from "#rules/limits.ts";
import { addMs, DAY_MS, type EpochMs, formatInstant, fromDate } from "#scheduling/units.ts";
import { notBooked } from "#words/baskets.ts";
import { repeat } from "#words/series.ts";
import { useMe } from "@/features/accounts/me.ts";
import { writeSlot } from "@/features/baskets/basketSlots.ts";
import { refusedOf } from "@/features/baskets/refusedSessions.ts";
import { SessionTimesList } from "@/features/baskets/SessionTimesList.tsx";
import { TogetherSteps } from "@/features/baskets/TogetherSteps.tsx";
import { isRecorded, togetherPrice } from "@/features/baskets/togetherPrice.ts";
import { packagesFor } from "@/features/book/shownPrice.ts";
import type { BookTogetherProps } from "@/features/book/timeAsides.ts";
import { purchasesQuery } from "@/features/prices/queries.ts";
import { serverNow } from "@/lib/clock/serverClock.ts";
import { useZones } from "@/lib/zones/useZones.ts";
import { Alert } from "@/ui/Alert.tsx";
import { Button } from "@/ui/Button.tsx";
import { PartLoading } from "@/ui/PageLoading.tsx";
import { createSeries } from "./api.ts";
import { PaymentChoice } from "./PaymentChoice.tsx";
import { seriesCheckQuery } from "./queries.ts";
import { SeriesDates } from "./SeriesDates.tsx";
import { mostSessions, packageForAll, rowsOf, startsOf, withoutStarts } from "./seriesPicks.ts";
import { useSeriesPicks } from "./useSeriesPicks.ts";

const aside = { name: "series" } as const;
const { min: least } = numberLimits.seriesSessions;

type SeriesFlowProps = BookTogetherProps & { startsAt: EpochMs; timeZone: string };

/** The steps of a series: its dates, then who books and how it is paid. */
export function SeriesFlow({ mentor, step, startsAt, address, draft, timeZone }: SeriesFlowProps) {
  const { choice, part } = step;
  const { data: me } = useMe();
  const { picks, change, clear } = useSeriesPicks(mentor.id, writeSlot({ choice, startsAt }));
  const [refused, setRefused] = useState<readonly RefusedSession[]>([]);
  const windowEnd = addMs(fromDate(serverNow()), mentor.booking_window_days * DAY_MS);
  const most = mostSessions(startsAt, picks.every, windowEnd);
  const asked = Math.max(Math.min(picks.sessions, most), least);
  const question: CheckSeries = {
    session_type: choice.service.session_type,
    service_id: choice.service.id,
    duration: choice.minutes,
    pattern: picks.every,
    starts_at: formatInstant(startsAt),
    sessions: asked,
    timezone: timeZone,
  };
  const check = useQuery(seriesCheckQuery(mentor.id, question));
  useZones(timeZone, mentor.timezone, ...new Set(check.data?.sessions.map((each) => each.mentor_timezone)));
  const { data: purchases } = useQuery({ ...purchasesQuery(me?.id ?? ""), enabled: Boolean(me) });
  const rows = rowsOf(check.data?.sessions ?? [], picks);
  const starts = startsOf(rows);
  const missing = rows.filter(({ state }) => state === "open").length;
  // How many dates the student has gone on without.
  const [without, setWithout] = useState<number | null>(null);
  const lost = without === null ? 0 : missing - without;

  if (part === "time" || (check.data && starts.length < least)) {
    return (
      <SeriesDates
        {...{ mentor, choice, timeZone, check, rows, picks, most, refused }}
        sessions={asked}
        onChange={(next) => {
          setRefused([]);
          change(next);
        }}
        onContinue={() => {
          setWithout(missing);
          void address.goForward("details", aside);
        }}
        onBack={() => address.goBack("time")}
      />
    );
  }
  if (!check.data) return <PartLoading />;
  const sessions = starts.map((start) => ({ choice, startsAt: start }));
  const packs = check.data.payments.length > 0 ? packagesFor(purchases ?? [], mentor.id, choice) : [];
  const pack = packageForAll(packs, starts.length);
  const hasCredits = pack !== undefined && pack.sessions_left >= starts.length;
  // As for a single session, a package is used unless the student chooses otherwise.
  const ways = [...(hasCredits ? (["credits"] as const) : []), ...check.data.payments];
  const payment = ways.find((way) => way === picks.payment) ?? ways[0] ?? "at_once";
  const withCredits = payment === "credits";
  const oneOf = (addRecording: boolean) => togetherPrice(sessions.slice(0, 1), { addRecording }).total;
  return (
    <TogetherSteps
      {...{ mentor, address, draft, aside, part, timeZone, sessions }}
      packageId={withCredits ? pack?.id : undefined}
      {...(payment === "per_session" && { dueNow: oneOf })}
      prepare={(request, { addRecording }) => {
        const { session_type, service_id, duration } = question;
        const body: CreateSeries = {
          ...request,
          session_type,
          service_id,
          duration,
          add_recording: isRecorded(sessions[0]!, addRecording),
          pattern: picks.every,
          starts: starts.map(formatInstant),
          payment,
          ...(withCredits && { package_purchase_id: pack?.id }),
        };
        return { body, book: async (key) => (await createSeries(body, key)).sessions };
      }}
      onRefused={(problem) => {
        const taken = refusedOf(problem);
        change(
          withoutStarts(
            picks,
            taken.map(({ starts_at }) => starts_at),
          ),
        );
        setRefused(taken);
        void address.goBack("time", aside);
      }}
      onBooked={clear}
      notice={() =>
        lost > 0 && (
          <Alert tone="warning" title={notBooked.title(lost)}>
            <p>{notBooked.text}</p>
            <Button variant="link" size="inline" onClick={() => address.goBack("time", aside)}>
              {repeat.seeDates}
            </Button>
          </Alert>
        )
      }
      list={
        <SessionTimesList
          mentorName={mentor.full_name}
          timeZone={timeZone}
          sessions={rows.flatMap(({ startsAt: start, session }) =>
            start === null ? [] : [{ startsAt: start, mentorTimeZone: session.mentor_timezone }],
          )}
        />
      }
      payment={(addRecording, withCoupon) =>
        ways.length + Number(pack !== undefined && !hasCredits) > 1 && (
          <PaymentChoice
            {...{ ways, pack, hasCredits }}
            value={payment}
            sessions={starts.length}
            total={(!withCredits && withCoupon?.total) || togetherPrice(sessions, { addRecording }).total}
            each={(!withCredits && withCoupon?.first) || oneOf(addRecording)}
            onChange={(next) => change({ ...picks, payment: next })}
          />
        )
      }
    />
  );
}
