import { Apple, CalendarDays, ChevronLeft, Cloud, type LucideIcon, Mail, Rss, Server } from "lucide-react";
import { useState } from "react";
import type { CalendarConnectionList } from "#contract/calendarConnections.ts";
import { connectDialog } from "#words/calendarConnections.ts";
import { Button, buttonVariants } from "@/ui/Button.tsx";
import { Checkbox } from "@/ui/Checkbox.tsx";
import { Dialog, DialogBody } from "@/ui/Dialog.tsx";
import { signInPath } from "./api.ts";
import { ConnectForm } from "./ConnectForm.tsx";
import { type CalendarHome, type CalendarHomeId, homes } from "./calendarHomes.ts";

type ConnectDialogProps = {
  offers: CalendarConnectionList["offers"];
  /** Students' calendars are only read. */
  isMentor: boolean;
  onClose: () => void;
  onConnect: () => Promise<void>;
};

const icons: Readonly<Record<CalendarHomeId, LucideIcon>> = {
  apple: Apple,
  google: CalendarDays,
  fastmail: Mail,
  nextcloud: Cloud,
  microsoft: CalendarDays,
  caldav: Server,
  feed: Rss,
};

/** First where the calendar is, then what to click there and its login. */
export function ConnectDialog({ offers, isMentor, onClose, onConnect }: ConnectDialogProps) {
  const [home, setHome] = useState<CalendarHome | null>(null);
  const [writes, setWrites] = useState(isMentor);
  const permission = writes ? "write" : "read";
  const signIn =
    (home?.id === "google" && offers.google) || (home?.id === "microsoft" && offers.microsoft)
      ? home.id
      : null;
  return (
    <Dialog
      open
      onClose={onClose}
      title={connectDialog.title}
      description={home ? home.name : connectDialog.choose}
      size="lg"
    >
      <DialogBody>
        {home === null ? (
          <ul className="grid gap-2 sm:grid-cols-2">
            {homes.map((each) => {
              const Icon = icons[each.id];
              return (
                <li key={each.id}>
                  <Button
                    variant="secondary"
                    size="lg"
                    className="w-full justify-start text-left text-base"
                    onClick={() => setHome(each)}
                  >
                    <Icon aria-hidden className="size-5" />
                    {each.name}
                  </Button>
                </li>
              );
            })}
          </ul>
        ) : (
          <div className="space-y-5">
            <Button variant="link" size="inline" autoFocus onClick={() => setHome(null)}>
              <ChevronLeft aria-hidden className="size-4" />
              {connectDialog.back}
            </Button>
            <Guide steps={signIn ? connectDialog.oauthSteps[signIn][permission] : home.steps} />
            {signIn ? (
              <>
                {isMentor && (
                  <Checkbox
                    label={connectDialog.writes}
                    detail={connectDialog.writesHint}
                    checked={writes}
                    onChange={(event) => setWrites(event.currentTarget.checked)}
                  />
                )}
                <a href={signInPath(signIn, { permission })} className={buttonVariants()}>
                  {connectDialog.oauth[signIn]}
                </a>
              </>
            ) : (
              <ConnectForm
                key={home.id}
                home={home}
                onConnect={async () => {
                  await onConnect();
                  onClose();
                }}
              />
            )}
          </div>
        )}
      </DialogBody>
    </Dialog>
  );
}

function Guide({ steps }: { steps: readonly string[] }) {
  return (
    <section aria-label={connectDialog.guide}>
      <h3 className="font-semibold">{connectDialog.guide}</h3>
      <ol className="mt-2 list-decimal space-y-1 pl-6 marker:font-semibold marker:text-ink-soft">
        {steps.map((step) => (
          <li key={step}>{step}</li>
        ))}
      </ol>
    </section>
  );
}
