import { useQuery, useQueryClient } from "@tanstack/react-query";
import { BellRing, X } from "lucide-react";
import { useId, useRef } from "react";
import type { AvailabilityAlert } from "#contract/alerts.ts";
import { ownAlerts } from "#words/alerts.ts";
import { dateRange } from "#words/times.ts";
import { paths } from "@/lib/paths.ts";
import { inboxKeys } from "@/lib/queryKeys.ts";
import { refreshIfRefused } from "@/lib/refreshIfRefused.ts";
import { Link } from "@/lib/router/router.tsx";
import { formatDate, todayIn, zoneLabel } from "@/lib/time.ts";
import { Button } from "@/ui/Button.tsx";
import { Card } from "@/ui/Card.tsx";
import { useAction } from "@/ui/useAction.ts";
import { deleteAlert } from "./api.ts";
import { alertsQuery } from "./queries.ts";

/** A person's active alerts. Renders nothing when there are none. */
export function OwnAlerts({ userId }: { userId: string }) {
  const { data: alerts = [] } = useQuery(alertsQuery(userId));
  const queryClient = useQueryClient();
  const heading = useRef<HTMLHeadingElement>(null);
  const headingId = useId();
  const active = alerts.filter(({ status, to, timezone }) => status === "active" && to >= todayIn(timezone));

  const remove = useAction(async (alert: AvailabilityAlert) => {
    const refresh = () => queryClient.invalidateQueries({ queryKey: inboxKeys.alerts });
    await refreshIfRefused(deleteAlert(alert.id), refresh);
    heading.current?.focus();
    await refresh();
  });

  if (active.length === 0) return null;
  return (
    <section aria-labelledby={headingId}>
      <h2 id={headingId} ref={heading} tabIndex={-1} className="mb-3 text-heading">
        {ownAlerts.title}
      </h2>
      <ul className="space-y-3">
        {active.map((alert) => (
          <li key={alert.id}>
            <Card className="flex items-center gap-3 p-4">
              <BellRing aria-hidden className="size-5 shrink-0 text-ink-soft" />
              <p className="min-w-0 flex-1 leading-snug">
                <Link
                  to={paths.mentor(alert.mentor.username)}
                  className="font-semibold text-primary-text underline decoration-1 underline-offset-4 hover:decoration-2"
                >
                  <bdi>{alert.mentor.full_name}</bdi>
                </Link>
                <span className="block">{daysOf(alert)}</span>
                <span className="block text-sm text-ink-soft">
                  {ownAlerts.facts(alert.service_title, alert.duration, zoneLabel(alert.timezone))}
                </span>
              </p>
              <Button
                variant="ghost"
                size="icon"
                aria-label={ownAlerts.remove(alert.mentor.full_name, daysOf(alert))}
                onClick={() => void remove.run(alert)}
              >
                <X aria-hidden className="size-5" />
              </Button>
            </Card>
          </li>
        ))}
      </ul>
    </section>
  );
}

function daysOf({ from, to }: AvailabilityAlert): string {
  return from === to ? formatDate(from) : dateRange(formatDate(from), formatDate(to));
}
