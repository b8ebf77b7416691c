import { CalendarPlus } from "lucide-react";
import { calendarFile } from "#words/sessionPage.ts";
import { downloads } from "@/lib/paths.ts";
import { Button, buttonVariants } from "@/ui/Button.tsx";
import { useAction } from "@/ui/useAction.ts";
import { readCalendarFile, type SessionAccess } from "./api.ts";

const look = (
  <>
    <CalendarPlus aria-hidden className="size-5" />
    {calendarFile.add}
  </>
);

/** The calendar entry as a file. A visitor with a signed link fetches it with the token. */
export function AddToCalendar({ access }: { access: SessionAccess }) {
  const download = useAction(
    async () => save(await readCalendarFile(access), `matepeak-${access.bookingId.slice(-8)}.ics`),
    { failure: calendarFile.failed },
  );
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
  return (
    <Button variant="secondary" onClick={download.run} pending={download.isPending}>
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
