import { Link2 } from "lucide-react";
import { useId, useState } from "react";
import type { BookingLink } from "#contract/bookings.ts";
import { manageLink } from "#words/sessionPage.ts";
import type { SessionSide } from "@/features/bookings/sessionSide.ts";
import { formatShortDay } from "@/lib/time.ts";
import { toast } from "@/lib/toast.ts";
import { announce } from "@/ui/Announcer.tsx";
import { Button } from "@/ui/Button.tsx";
import { CopyField } from "@/ui/CopyField.tsx";
import { useAction } from "@/ui/useAction.ts";
import { endSessionLinks, makeSessionLink } from "./api.ts";

/** Creates a link that opens this session without a login, with a warning about what it allows. */
export function ManageLink({ side }: { side: SessionSide }) {
  const [link, setLink] = useState<BookingLink | null>(null);
  const headingId = useId();
  const warningId = useId();

  const make = useAction(
    async () => {
      setLink(await makeSessionLink(side.access));
      announce(manageLink.created);
    },
    { failure: manageLink.createFailed },
  );
  const end = useAction(
    async () => {
      await endSessionLinks(side.access);
      setLink(null);
      toast.success(manageLink.turnedOff, {
        description: manageLink.turnedOffText,
      });
    },
    { failure: manageLink.turnOffFailed },
  );

  return (
    <section aria-labelledby={headingId} className="space-y-3 border-line not-first:border-t not-first:pt-4">
      <h2 id={headingId} className="font-semibold">
        {manageLink.title}
      </h2>
      <p id={warningId} className="text-sm text-ink-soft">
        {manageLink[warningOf(side)]}
      </p>
      {link ? (
        <>
          <CopyField label={manageLink.label} text={link.url} />
          <p className="text-sm text-ink-soft">
            {manageLink.worksUntil(formatShortDay(link.expires_at, side.timeZone))}
          </p>
        </>
      ) : (
        <Button
          variant="secondary"
          onClick={make.run}
          pending={make.isPending}
          aria-describedby={warningId}
          className="w-full sm:w-auto"
        >
          <Link2 aria-hidden className="size-5" />
          <span>{manageLink.create}</span>
        </Button>
      )}
      <Button variant="ghost" onClick={end.run} className="w-full sm:w-auto">
        {manageLink.turnOff}
      </Button>
    </section>
  );
}

function warningOf({ booking: { status, programme_id } }: SessionSide) {
  if (status === "cancelled") return "warningCancelled";
  return programme_id === null ? "warning" : "warningFixed";
}
