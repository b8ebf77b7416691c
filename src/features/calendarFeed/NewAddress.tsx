import { CalendarPlus, ExternalLink } from "lucide-react";
import { addToCalendar } from "#words/addToCalendar.ts";
import { calendarFeedSection } from "#words/calendarFeed.ts";
import { Alert } from "@/ui/Alert.tsx";
import { buttonVariants } from "@/ui/Button.tsx";
import { CopyField } from "@/ui/CopyField.tsx";
import { subscribeLinks } from "./subscribeLinks.ts";

/** The address of a feed that was just created, and ways to subscribe to it. */
export function NewAddress({ url }: { url: string }) {
  const links = subscribeLinks(url);
  return (
    <div className="space-y-4">
      <Alert tone="info">{calendarFeedSection.onlyNow}</Alert>
      <CopyField label={calendarFeedSection.label} text={url} />
      <div className="flex flex-wrap gap-2">
        <a href={links.webcal} className={buttonVariants()}>
          <CalendarPlus aria-hidden className="size-5" />
          {calendarFeedSection.open}
        </a>
        <OtherSite href={links.google} name={calendarFeedSection.google} />
        <OtherSite href={links.outlook} name={calendarFeedSection.outlook} />
      </div>
    </div>
  );
}

function OtherSite({ href, name }: { href: string; name: string }) {
  return (
    <a href={href} target="_blank" rel="noreferrer" className={buttonVariants({ variant: "secondary" })}>
      <span>
        {name}
        <span className="sr-only"> {addToCalendar.newTab}</span>
      </span>
      <ExternalLink aria-hidden className="size-4" />
    </a>
  );
}
