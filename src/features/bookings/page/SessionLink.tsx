import { Link2 } from "lucide-react";
import { useId, useState } from "react";
import type { BookingLink } from "#contract/bookings.ts";
import type { SessionSide } from "@/features/bookings/sessionSide.ts";
import { formatShortDay } from "@/lib/time.ts";
import { toast } from "@/lib/toast.ts";
import { announce } from "@/ui/Announcer.tsx";
import { Button } from "@/ui/Button.tsx";
import { CopyField } from "@/ui/CopyField.tsx";
import { useAction } from "@/ui/useAction.ts";
import { endSessionLinks, makeSessionLink } from "./api.ts";

/** A link to this session that needs no login. What it allows is said before there is one. */
export function SessionLink({ side }: { side: SessionSide }) {
  const [link, setLink] = useState<BookingLink | null>(null);
  const headingId = useId();
  const warningId = useId();

  const make = useAction(
    async () => {
      setLink(await makeSessionLink(side.access));
      announce("The link is ready. Copy it from the field.");
    },
    { failure: "Couldn’t create a link." },
  );
  const end = useAction(
    async () => {
      await endSessionLinks(side.access);
      setLink(null);
      toast.success("Links turned off", {
        description: "Links you created for this session no longer work.",
      });
    },
    { failure: "Couldn’t turn off the links." },
  );

  const what = side.booking.status === "cancelled" ? "see" : "see, reschedule and cancel";
  return (
    <section aria-labelledby={headingId} className="space-y-3 border-t border-line pt-4">
      <h2 id={headingId} className="font-semibold">
        Manage without signing in
      </h2>
      <p id={warningId} className="text-sm text-ink-soft">
        Anyone who has this link can {what} this session in your name, without signing in. Don’t share it as
        an invitation.
      </p>
      {link ? (
        <>
          <CopyField label="Manage-without-sign-in link" text={link.url} />
          <p className="text-sm text-ink-soft">
            It works until {formatShortDay(link.expires_at, side.timeZone)}.
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
          <span>Create link</span>
        </Button>
      )}
      <Button variant="ghost" onClick={end.run} className="w-full sm:w-auto">
        Turn off links you created
      </Button>
    </section>
  );
}
