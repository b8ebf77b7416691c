import { useInfiniteQuery } from "@tanstack/react-query";
import { Download } from "lucide-react";
import { useState } from "react";
import type { StatementLine } from "#contract/earnings.ts";
import { packageOf, statementList } from "#words/earnings.ts";
import { DocumentsOnDemand } from "@/features/documents/BookingDocuments.tsx";
import { paths } from "@/lib/paths.ts";
import { Link } from "@/lib/router/router.tsx";
import { formatDayAndTime } from "@/lib/time.ts";
import { Badge } from "@/ui/Badge.tsx";
import { buttonVariants } from "@/ui/Button.tsx";
import { Card } from "@/ui/Card.tsx";
import { Field } from "@/ui/Field.tsx";
import { Input } from "@/ui/Input.tsx";
import { ProblemState } from "@/ui/ProblemState.tsx";
import { SectionHeading } from "@/ui/SectionHeading.tsx";
import { ShowMore } from "@/ui/ShowMore.tsx";
import { Skeleton } from "@/ui/Skeleton.tsx";
import { shownAmount } from "./amounts.ts";
import { statementAddress } from "./api.ts";
import { statementQuery } from "./queries.ts";

const tones = {
  held: "neutral",
  paused: "accent",
  earned: "good",
  refunded: "neutral",
  used: "neutral",
} as const;

/** What became of the money of each session, and the same as a file. */
export function Statement({ userId, timeZone }: { userId: string; timeZone: string }) {
  const list = useInfiniteQuery(statementQuery(userId));
  const lines = (list.data?.pages ?? []).flatMap(({ data }) => data);
  return (
    <section aria-labelledby="statement">
      <SectionHeading id="statement" title={statementList.title} />
      {list.isPending && <Skeleton className="mt-3 h-32 w-full" />}
      {list.isError && !list.data && (
        <ProblemState title={statementList.title} error={list.error} onRetry={list.refetch} />
      )}
      {list.data && lines.length === 0 && <p className="text-ink-soft">{statementList.none}</p>}
      {lines.length > 0 && (
        <>
          <DownloadRange />
          <Card className="mt-4">
            <ul data-sessions className="divide-y divide-line">
              {lines.map((line) => (
                <Line key={line.id} line={line} timeZone={timeZone} />
              ))}
            </ul>
          </Card>
        </>
      )}
      <ShowMore list={list} label={statementList.more} />
    </section>
  );
}

function Line({ line, timeZone }: { line: StatementLine; timeZone: string }) {
  const { booking_id, package_sessions, starts_at, student_name, currency, paid, refunded, fee, net, state } =
    line;
  const title = package_sessions === null ? line.title : packageOf(package_sessions, line.title);
  const day = formatDayAndTime(starts_at, timeZone);
  const shown = (amount: number) => shownAmount(amount, currency);
  const parts = [
    statementList.paid(shown(paid)),
    refunded > 0 && statementList.refunded(shown(refunded)),
    fee > 0 && statementList.fee(shown(fee)),
  ];
  return (
    <li tabIndex={-1} className="grid items-start gap-x-4 gap-y-1 p-4 sm:grid-cols-[1fr_auto]">
      <div className="min-w-0">
        {booking_id === null ? (
          <p className="font-semibold text-ink">
            {title} · {student_name}
          </p>
        ) : (
          <Link
            to={paths.session(booking_id)}
            className="font-semibold text-ink underline decoration-line-strong underline-offset-4 hover:decoration-2"
          >
            {title} · {student_name}
          </Link>
        )}
        <p className="text-sm text-ink-soft">{booking_id === null ? statementList.bought(day) : day}</p>
        <p className="text-sm text-ink-soft tabular-nums">{parts.filter(Boolean).join(" · ")}</p>
      </div>
      <div className="flex items-center justify-between gap-1 sm:flex-col sm:items-end">
        <p className="font-semibold tabular-nums">{shown(net)}</p>
        <Badge tone={tones[state]}>{statementList.states[state]}</Badge>
      </div>
      <div className="sm:col-span-2">
        <DocumentsOnDemand
          {...(booking_id === null ? { purchaseId: line.id } : { bookingId: booking_id })}
          reader="mentor"
          timeZone={timeZone}
        />
      </div>
    </li>
  );
}

/** Days of sessions; all of them if none are given. */
function DownloadRange() {
  const [from, setFrom] = useState("");
  const [until, setUntil] = useState("");
  return (
    <div className="mt-3 flex flex-wrap items-end gap-3">
      <Field label={statementList.from} className="min-w-36 flex-1 sm:flex-none">
        {(control) => (
          <Input
            {...control}
            type="date"
            value={from}
            max={until || undefined}
            onChange={(event) => setFrom(event.target.value)}
          />
        )}
      </Field>
      <Field label={statementList.until} className="min-w-36 flex-1 sm:flex-none">
        {(control) => (
          <Input
            {...control}
            type="date"
            value={until}
            min={from || undefined}
            onChange={(event) => setUntil(event.target.value)}
          />
        )}
      </Field>
      <a
        href={statementAddress({ from, until })}
        download
        className={buttonVariants({ variant: "secondary" })}
      >
        <Download aria-hidden className="size-5" />
        {statementList.download}
      </a>
    </div>
  );
}
