import { CalendarPlus } from "lucide-react";
import { useState } from "react";
import { ApiProblem } from "@/lib/api.ts";
import { downloads } from "@/lib/paths.ts";
import { toast } from "@/lib/toast.ts";
import { Button, buttonVariants } from "@/ui/Button.tsx";
import { readCalendarFile, type SessionAccess } from "./api.ts";

const look = (
  <>
    <CalendarPlus aria-hidden className="size-5" />
    Add to Calendar
  </>
);

/** The calendar entry as a file; who comes by link fetches it with the token. */
export function AddToCalendar({ access }: { access: SessionAccess }) {
  const [isPending, setIsPending] = useState(false);
  if (!access.token) {
    return (
      <a
        href={downloads.calendar(access.bookingId)}
        download
        className={buttonVariants({ variant: "secondary" })}
      >
        {look}
      </a>
    );
  }
  const download = async () => {
    setIsPending(true);
    try {
      save(await readCalendarFile(access), `matepeak-${access.bookingId.slice(0, 8)}.ics`);
    } catch (thrown) {
      toast.error("The calendar entry did not come.", {
        description: thrown instanceof ApiProblem ? thrown.detail : "Check your connection and try again.",
      });
    } finally {
      setIsPending(false);
    }
  };
  return (
    <Button variant="secondary" onClick={download} pending={isPending}>
      {look}
    </Button>
  );
}

function save(file: Blob, name: string): void {
  const address = URL.createObjectURL(file);
  const link = document.createElement("a");
  link.href = address;
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(address), 1000);
}
