import { useQueryClient } from "@tanstack/react-query";
import { CalendarClock, CalendarX, ExternalLink, Mail, Users } from "lucide-react";
import { useRef, useState } from "react";
import type { OwnGroupSession } from "#contract/groupSessions.ts";
import { moneyOf } from "#rules/money.ts";
import { groupForms, rosterPage } from "#words/groupSessions.ts";
import { groupPaths } from "@/lib/groupPaths.ts";
import { formatAmount } from "@/lib/money.ts";
import { queryKeys } from "@/lib/queryKeys.ts";
import { Link } from "@/lib/router/router.tsx";
import { toast } from "@/lib/toast.ts";
import { Button, buttonVariants } from "@/ui/Button.tsx";
import { Card } from "@/ui/Card.tsx";
import { ReasonDialog } from "@/ui/ReasonDialog.tsx";
import { cancelGroup } from "./api.ts";
import { ChangeDialog } from "./ChangeDialog.tsx";
import { MessageDialog } from "./MessageDialog.tsx";
import { MoveDialog } from "./MoveDialog.tsx";
import { ShareGroup } from "./ShareGroup.tsx";

type ManageGroupProps = { userId: string; session: OwnGroupSession; timeZone: string; now: Date };
type Step = "change" | "move" | "message" | "cancel";

const steps = [
  { step: "message", Icon: Mail },
  { step: "change", Icon: Users },
  { step: "move", Icon: CalendarClock },
  { step: "cancel", Icon: CalendarX },
] as const satisfies { step: Step; Icon: typeof Mail }[];

const WRITABLE_MS = 7 * 24 * 3_600_000;

/** What the mentor can do with a session for everyone in it, and its link. */
export function ManageGroup({ session, timeZone, now }: ManageGroupProps) {
  const queryClient = useQueryClient();
  const heading = useRef<HTMLHeadingElement>(null);
  const [asked, setAsked] = useState<Step | null>(null);
  const hasBegun = Date.parse(session.starts_at) <= now.getTime();
  const isCancelled = session.state === "cancelled";
  const isWritable = session.seats_taken > 0 && Date.parse(session.ends_at) > now.getTime() - WRITABLE_MS;
  const open = steps.filter(
    ({ step }) =>
      !isCancelled &&
      (step === "message" ? isWritable : !hasBegun) &&
      // Its seats are the programme's.
      (step !== "change" || session.programme === null),
  );
  const close = () => setAsked(null);
  const done = async (text: string) => {
    await queryClient.invalidateQueries({ queryKey: queryKeys.bookings });
    toast.success(text);
    close();
  };
  const money = session.revenue === 0 ? null : formatAmount(moneyOf(session.revenue, session.currency));
  return (
    <aside className="space-y-6 lg:sticky lg:top-24">
      {open.length > 0 && (
        <Card className="p-4 sm:p-5">
          <h2 ref={heading} tabIndex={-1} className="mb-3 text-heading">
            {rosterPage.manage}
          </h2>
          <div className="grid gap-2">
            {open.map(({ step, Icon }) => (
              <Button key={step} variant="secondary" onClick={() => setAsked(step)} className="justify-start">
                <Icon aria-hidden className="size-4" />
                {rosterPage[step]}
              </Button>
            ))}
          </div>
        </Card>
      )}
      {!isCancelled && (
        <Card className="space-y-3 p-4 sm:p-5">
          <h2 className="text-heading">{rosterPage.share}</h2>
          <ShareGroup session={session} />
          <Link
            to={groupPaths.session(session.mentor.username, session.id)}
            className={buttonVariants({ variant: "ghost", size: "sm" })}
          >
            <ExternalLink aria-hidden className="size-4" />
            {rosterPage.publicPage}
          </Link>
        </Card>
      )}
      {asked === "change" && (
        <ChangeDialog session={session} onSaved={() => done(groupForms.changed)} onClose={close} />
      )}
      {asked === "move" && (
        <MoveDialog
          session={session}
          timeZone={timeZone}
          onMoved={() => done(groupForms.moved)}
          onClose={close}
        />
      )}
      {asked === "message" && (
        <MessageDialog session={session} onSent={(seats) => done(groupForms.sent(seats))} onClose={close} />
      )}
      {asked === "cancel" && (
        <ReasonDialog
          title={groupForms.cancelTitle}
          recipient={groupForms.everyone}
          keepLabel={groupForms.keep}
          confirmLabel={groupForms.cancel}
          onClose={close}
          onConfirm={async (reason) => {
            await cancelGroup(session.id, reason);
            await done(groupForms.cancelled);
          }}
          focusAfter={() => heading.current?.focus()}
        >
          <p>{groupForms.cancelLead(session.seats_taken, money)}</p>
        </ReasonDialog>
      )}
    </aside>
  );
}
