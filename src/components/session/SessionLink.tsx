import { Link2 } from "lucide-react";
import { useState } from "react";
import { announce } from "@/components/layout/Announcer";
import { Button } from "@/components/ui/Button";
import { CopyField } from "@/components/ui/CopyField";
import { ApiProblem } from "@/lib/api";
import { formatShortDay } from "@/lib/time";
import { toast } from "@/lib/toast";
import { makeSessionLink } from "@/services/sessionService";
import type { BookingLink } from "../../../contract/bookings";
import type { SessionSide } from "./sessionSide";

/** A link to this session that needs no login; what it allows is said beside it. */
export function SessionLink({ side }: { side: SessionSide }) {
  const [link, setLink] = useState<BookingLink | null>(null);
  const [isPending, setIsPending] = useState(false);

  const copy = async () => {
    setIsPending(true);
    try {
      const made = await makeSessionLink(side.access);
      setLink(made);
      await navigator.clipboard.writeText(made.url).then(
        () => announce("The link is copied."),
        () => announce("The link is shown. Copy it from there."),
      );
    } catch (thrown) {
      if (!(thrown instanceof ApiProblem)) throw thrown;
      toast.error("There is no link just now.", { description: thrown.detail });
    } finally {
      setIsPending(false);
    }
  };

  return (
    <div className="space-y-2">
      <Button variant="secondary" onClick={copy} pending={isPending} className="w-full sm:w-auto">
        <Link2 aria-hidden className="size-5" />
        Copy link
      </Button>
      {link && (
        <>
          <CopyField label="Link to this session" text={link.url} />
          <p className="text-sm text-ink-soft">
            It opens this session without signing in, until {formatShortDay(link.expires_at, side.timeZone)}.
            Whoever has it can read, move and cancel the session in your name.
          </p>
        </>
      )}
    </div>
  );
}
