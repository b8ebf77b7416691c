import { useQueryClient } from "@tanstack/react-query";
import { CalendarX, ExternalLink, Pencil } from "lucide-react";
import { useRef, useState } from "react";
import type { ProgrammeRoster } from "#contract/programmes.ts";
import { moneyOf } from "#rules/money.ts";
import { groupForms } from "#words/groupSessions.ts";
import { programmeFacts, programmeForm, programmeRoster } from "#words/programmes.ts";
import { LookBadge, MinimumNote, SeatBar } from "@/features/groupSessions/GroupFacts.tsx";
import { groupPaths } from "@/lib/groupPaths.ts";
import { formatAmount } from "@/lib/money.ts";
import { queryKeys } from "@/lib/queryKeys.ts";
import { Link } from "@/lib/router/router.tsx";
import { toast } from "@/lib/toast.ts";
import { Button, buttonVariants } from "@/ui/Button.tsx";
import { Card } from "@/ui/Card.tsx";
import { CopyField } from "@/ui/CopyField.tsx";
import { ReasonDialog } from "@/ui/ReasonDialog.tsx";
import { cancelProgramme } from "./api.ts";
import { EditProgramme } from "./EditProgramme.tsx";
import { programmeLook } from "./programmeState.ts";

type ManageProgrammeProps = { roster: ProgrammeRoster; timeZone: string; now: Date };

/** How full a programme is, its link, and its end for everyone. */
export function ManageProgramme({ roster: { programme, revenue }, timeZone, now }: ManageProgrammeProps) {
  const queryClient = useQueryClient();
  const heading = useRef<HTMLHeadingElement>(null);
  const [asked, setAsked] = useState<"edit" | "cancel" | null>(null);
  const close = () => setAsked(null);
  const { attendees, capacity, currency, mentor, sessions } = programme;
  const look = programmeLook(programme, now);
  const isEnded = look === "cancelled" || look === "over";
  const seats = { ...programme, seats_taken: attendees };
  const path = groupPaths.programme(mentor.username, programme.id);
  const isAhead = sessions.some(
    ({ state, starts_at }) => state !== "cancelled" && Date.parse(starts_at) > now.getTime(),
  );
  return (
    <aside className="space-y-6 lg:sticky lg:top-24">
      <Card className="space-y-3 p-4 sm:p-5">
        <h2 ref={heading} tabIndex={-1} className="text-heading">
          {programmeRoster.manage}
        </h2>
        <LookBadge look={look} />
        <p className="flex flex-wrap justify-between gap-x-4 tabular-nums">
          <span>{programmeFacts.taken(attendees, capacity)}</span>
          {revenue > 0 && (
            <span className="text-ink-soft">
              {programmeRoster.revenue(formatAmount(moneyOf(revenue, currency)))}
            </span>
          )}
        </p>
        <SeatBar session={seats} />
        <MinimumNote session={seats} timeZone={timeZone} isYours={false} className="text-sm" />
        {!isEnded && isAhead && (
          <div className="grid gap-2">
            <Button variant="secondary" onClick={() => setAsked("edit")} className="justify-start">
              <Pencil aria-hidden className="size-4" />
              {programmeForm.edit}
            </Button>
            <Button variant="secondary" onClick={() => setAsked("cancel")} className="justify-start">
              <CalendarX aria-hidden className="size-4" />
              {programmeRoster.cancel}
            </Button>
          </div>
        )}
      </Card>
      <Card className="space-y-3 p-4 sm:p-5">
        <CopyField label={programmeRoster.link} text={window.location.origin + path} />
        <Link to={path} className={buttonVariants({ variant: "ghost", size: "sm" })}>
          <ExternalLink aria-hidden className="size-4" />
          {programmeRoster.publicPage}
        </Link>
      </Card>
      {asked === "edit" && (
        <EditProgramme
          programme={programme}
          onClose={close}
          onSaved={async () => {
            await queryClient.invalidateQueries({ queryKey: queryKeys.bookings });
            toast.success(programmeForm.changed);
            close();
          }}
        />
      )}
      {asked === "cancel" && (
        <ReasonDialog
          title={programmeRoster.cancelTitle}
          recipient={groupForms.everyone}
          keepLabel={programmeRoster.keep}
          confirmLabel={programmeRoster.cancel}
          onClose={close}
          onConfirm={async (reason) => {
            await cancelProgramme(programme.id, reason);
            await queryClient.invalidateQueries({ queryKey: queryKeys.bookings });
            toast.success(programmeRoster.cancelled);
          }}
          focusAfter={() => heading.current?.focus()}
        >
          <p>{programmeRoster.cancelLead(attendees)}</p>
        </ReasonDialog>
      )}
    </aside>
  );
}
