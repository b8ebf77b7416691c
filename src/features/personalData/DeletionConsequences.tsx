import { CalendarX, EyeOff, LogOut, type LucideIcon, Undo2, UserX, Wallet } from "lucide-react";
import type { ReactNode } from "react";
import type { DeletionPreview } from "#contract/personalData.ts";
import { moneyOf } from "#rules/money.ts";
import { deletionSection } from "#words/personalData.ts";
import { formatMoney } from "@/lib/money.ts";
import { formatDayAndTime } from "@/lib/time.ts";
import { useViewerTimeZone } from "@/lib/zones/viewerTimeZone.ts";

/** What will happen, before it does. */
export function DeletionConsequences({ preview }: { preview: DeletionPreview }) {
  const timeZone = useViewerTimeZone();
  const { sessions, time_requests, next_sessions, has_mentor_page, unused_packages } = preview;
  const others = sessions - next_sessions.length;
  return (
    <ul className="space-y-4">
      <Consequence Icon={CalendarX}>
        {sessions + time_requests > 0
          ? deletionSection.cancels(sessions, time_requests)
          : deletionSection.nothingUpcoming}
        {next_sessions.length > 0 && (
          <ul className="mt-2 space-y-1 text-sm text-ink-soft">
            {next_sessions.map((session) => (
              <li key={session.id} className="break-words">
                {deletionSection.sessionLine(
                  session.title,
                  session.with,
                  formatDayAndTime(session.starts_at, timeZone),
                )}
              </li>
            ))}
            {others > 0 && <li>{deletionSection.more(others)}</li>}
          </ul>
        )}
      </Consequence>
      {unused_packages.map(({ my_role, sessions: unused, refund, currency }) => (
        <Consequence key={`${my_role} ${currency}`} Icon={Undo2}>
          {deletionSection.packages[my_role](unused, formatMoney(moneyOf(refund, currency)))}
        </Consequence>
      ))}
      {has_mentor_page && <Consequence Icon={EyeOff}>{deletionSection.page}</Consequence>}
      {has_mentor_page && <Consequence Icon={Wallet}>{deletionSection.earned}</Consequence>}
      <Consequence Icon={LogOut}>{deletionSection.signedOut}</Consequence>
      <Consequence Icon={UserX}>{deletionSection.stays}</Consequence>
    </ul>
  );
}

function Consequence({ Icon, children }: { Icon: LucideIcon; children: ReactNode }) {
  return (
    <li className="flex gap-3">
      <Icon aria-hidden className="mt-0.5 size-5 shrink-0 text-ink-soft" />
      <div className="min-w-0 flex-1">{children}</div>
    </li>
  );
}
