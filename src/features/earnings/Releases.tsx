import type { Earnings } from "#contract/earnings.ts";
import { releaseList } from "#words/earnings.ts";
import { paths } from "@/lib/paths.ts";
import { Link } from "@/lib/router/router.tsx";
import { formatDayAndTime, formatShortDay } from "@/lib/time.ts";
import { Card } from "@/ui/Card.tsx";
import { SectionHeading } from "@/ui/SectionHeading.tsx";
import { shownAmount } from "./amounts.ts";

type ReleasesProps = { earnings: Earnings; timeZone: string };

/** What is held for the mentor, and when it is released. */
export function Releases({ earnings: { releases, currency }, timeZone }: ReleasesProps) {
  return (
    <section aria-labelledby="coming">
      <SectionHeading id="coming" title={releaseList.title} count={releases.length} />
      {releases.length === 0 ? (
        <p className="text-ink-soft">{releaseList.none}</p>
      ) : (
        <Card className="mt-3">
          <ul className="divide-y divide-line">
            {releases.map(({ booking_id, starts_at, title, student_name, net, due_at, paused }) => (
              <li
                key={booking_id}
                className="grid items-baseline gap-x-4 gap-y-1 p-4 sm:grid-cols-[1fr_auto]"
              >
                <div className="min-w-0">
                  <Link
                    to={paths.session(booking_id)}
                    className="font-semibold text-ink underline decoration-line-strong underline-offset-4 hover:decoration-2"
                  >
                    {releaseList.session(title, student_name)}
                  </Link>
                  <p className="text-sm text-ink-soft">{formatDayAndTime(starts_at, timeZone)}</p>
                </div>
                <div className="flex flex-wrap items-baseline justify-between gap-x-4 sm:block sm:max-w-44 sm:text-right">
                  <p className="font-semibold tabular-nums">{shownAmount(net, currency)}</p>
                  <p className="text-sm text-ink-soft">
                    {paused ? releaseList.paused : releaseList.due(formatShortDay(due_at, timeZone))}
                  </p>
                </div>
              </li>
            ))}
          </ul>
        </Card>
      )}
    </section>
  );
}
