import { useQuery } from "@tanstack/react-query";
import { useId } from "react";
import type { MentorQueue } from "#contract/waitlist.ts";
import { dateRange } from "#words/times.ts";
import { waiting, queues as words } from "#words/waitlist.ts";
import { formatDate, formatDayAndTime, formatShortDay } from "@/lib/time.ts";
import { Badge } from "@/ui/Badge.tsx";
import { Card } from "@/ui/Card.tsx";
import { ProblemState } from "@/ui/ProblemState.tsx";
import { SectionHeading } from "@/ui/SectionHeading.tsx";
import { queuesQuery } from "./queries.ts";

type MentorQueuesProps = {
  mentorId: string;
  /** The mentor's. */
  timeZone: string;
  /** Only the queue of this group session. */
  groupSessionId?: string;
  className?: string;
};

/** Who waits for the mentor's time, in order, read only. Renders nothing when no person does. */
export default function MentorQueues({ mentorId, timeZone, groupSessionId, className }: MentorQueuesProps) {
  const { data, error, refetch } = useQuery(queuesQuery(mentorId));
  const headingId = useId();
  if (error && !data) return <ProblemState title={words.failed} error={error} onRetry={refetch} />;
  const queues = (data ?? []).filter(
    (queue) => groupSessionId === undefined || queue.group_session_id === groupSessionId,
  );
  if (queues.length === 0) return null;
  const people = queues.reduce((sum, queue) => sum + queue.people.length, 0);
  return (
    <section aria-labelledby={headingId} className={className}>
      <SectionHeading id={headingId} title={words.title} count={people} />
      <p className="text-sm text-ink-soft">{words.lead}</p>
      <ul className="mt-3 grid items-start gap-3 lg:grid-cols-2">
        {queues.map((queue) => (
          <li key={keyOf(queue)}>
            <Queue queue={queue} timeZone={timeZone} isTitled={groupSessionId === undefined} />
          </li>
        ))}
      </ul>
    </section>
  );
}

type QueueProps = { queue: MentorQueue; timeZone: string; isTitled: boolean };

function Queue({ queue, timeZone, isTitled }: QueueProps) {
  return (
    <Card className="p-4">
      {isTitled && (
        <h3 className="mb-2 leading-snug">
          <span className="block font-bold tabular-nums">{targetOf(queue, timeZone)}</span>
          <span className="block text-sm font-normal text-ink-soft">
            {waiting.facts(queue.service_title, queue.duration)}
          </span>
        </h3>
      )}
      <ol className="divide-y divide-line">
        {queue.people.map((person) => (
          <li key={person.user_id} className="flex flex-wrap items-center gap-x-3 gap-y-1 py-2">
            <span className="w-6 shrink-0 text-right font-semibold text-ink-soft tabular-nums">
              {person.position ?? ""}
            </span>
            <span className="min-w-0 flex-1 wrap-anywhere">
              <bdi>{person.name || words.nameless}</bdi>
              <span className="block text-sm text-ink-soft tabular-nums">
                {words.since(formatShortDay(person.joined_at, timeZone))}
              </span>
            </span>
            {person.offer_expires_at && (
              <Badge tone="accent" className="tabular-nums">
                {offeredTo(queue, person.offer_starts_at, person.offer_expires_at, timeZone)}
              </Badge>
            )}
          </li>
        ))}
      </ol>
    </Card>
  );
}

function offeredTo({ kind }: MentorQueue, start: string | null, end: string, timeZone: string): string {
  const until = formatDayAndTime(end, timeZone);
  if (kind === "group" || start === null) return words.seatUntil(until);
  return words.offeredUntil(formatDayAndTime(start, timeZone), until);
}

function targetOf({ kind, starts_at, from, to }: MentorQueue, timeZone: string): string {
  if (starts_at !== null) {
    const time = formatDayAndTime(starts_at, timeZone);
    return kind === "group" ? waiting.groupAt(time) : time;
  }
  if (from === null || to === null) return "";
  return waiting.anyTime(from === to ? formatDate(from) : dateRange(formatDate(from), formatDate(to)));
}

function keyOf({ kind, service_id, duration, starts_at, group_session_id, from, to, timezone }: MentorQueue) {
  return [kind, service_id, duration, starts_at, group_session_id, from, to, timezone].join(" ");
}
