import { useQuery, useQueryClient } from "@tanstack/react-query";
import { Laptop, type LucideIcon, Smartphone, Terminal } from "lucide-react";
import { useState } from "react";
import type { Me, OwnLogin } from "#contract/accounts.ts";
import { deviceName, devicesSection } from "#words/accountPage.ts";
import { controls } from "#words/controls.ts";
import { useNow } from "@/lib/clock/useNow.ts";
import { ownKeys } from "@/lib/queryKeys.ts";
import { timeAgo } from "@/lib/sessionTime.ts";
import { formatShortDay } from "@/lib/time.ts";
import { toast } from "@/lib/toast.ts";
import { useViewerTimeZone } from "@/lib/zones/viewerTimeZone.ts";
import { Badge } from "@/ui/Badge.tsx";
import { Button } from "@/ui/Button.tsx";
import { ConfirmDialog } from "@/ui/ConfirmDialog.tsx";
import { ProblemState } from "@/ui/ProblemState.tsx";
import { Skeleton } from "@/ui/Skeleton.tsx";
import { useAction } from "@/ui/useAction.ts";
import { AccountSection } from "./AccountSection.tsx";
import { signOutLogin, signOutOtherLogins } from "./api.ts";
import { loginsQuery } from "./queries.ts";

/** Where the person is signed in. */
export function DevicesSection({ me }: { me: Me }) {
  const { data: logins, error, refetch } = useQuery(loginsQuery(me.id));
  return (
    <AccountSection id="devices" lead={devicesSection.lead}>
      {logins ? (
        <Devices userId={me.id} logins={logins} />
      ) : error ? (
        <ProblemState title={devicesSection.failed} error={error} onRetry={refetch} />
      ) : (
        <div role="status" className="space-y-3">
          <span className="sr-only">{controls.loading}</span>
          <Skeleton className="h-14 w-full" />
          <Skeleton className="h-14 w-full" />
        </div>
      )}
    </AccountSection>
  );
}

function Devices({ userId, logins }: { userId: string; logins: readonly OwnLogin[] }) {
  const queryClient = useQueryClient();
  const [isAsking, setIsAsking] = useState(false);
  const listAgain = () => queryClient.invalidateQueries({ queryKey: ownKeys.logins(userId) });
  const signOut = useAction(async (login: OwnLogin) => {
    await signOutLogin(login.id);
    toast.success(devicesSection.signedOut(nameOf(login)));
    await listAgain();
    // Its button is gone.
    document.getElementById("devices")?.focus();
  });
  return (
    <>
      <ul className="divide-y divide-line rounded-control border border-line">
        {logins.map((login) => (
          <Device
            key={login.id}
            login={login}
            isPending={signOut.pendingArgs?.[0].id === login.id}
            onSignOut={() => signOut.run(login)}
          />
        ))}
      </ul>
      {logins.some(({ current }) => !current) && (
        <Button variant="secondary" onClick={() => setIsAsking(true)}>
          {devicesSection.signOutOthers}
        </Button>
      )}
      {isAsking && (
        <ConfirmDialog
          title={devicesSection.signOutOthersTitle}
          keepLabel={devicesSection.keepOthers}
          confirmLabel={devicesSection.signOutOthers}
          onClose={() => setIsAsking(false)}
          onConfirm={async () => {
            await signOutOtherLogins();
            await listAgain();
            toast.success(devicesSection.othersSignedOut);
          }}
          focusAfter={() => document.getElementById("devices")?.focus()}
        >
          <p>{devicesSection.signOutOthersText}</p>
        </ConfirmDialog>
      )}
    </>
  );
}

function Device({
  login,
  isPending,
  onSignOut,
}: {
  login: OwnLogin;
  isPending: boolean;
  onSignOut: () => void;
}) {
  const now = useNow();
  const timeZone = useViewerTimeZone();
  const Icon = iconOf(login);
  return (
    <li className="flex flex-wrap items-center gap-x-4 gap-y-2 px-3 py-3 sm:px-4">
      <Icon aria-hidden className="size-6 shrink-0 text-ink-soft" />
      <div className="min-w-0 flex-1 basis-48">
        <p className="flex flex-wrap items-center gap-x-2.5 gap-y-1 font-semibold">
          <span>{nameOf(login)}</span>
          {login.current && <Badge tone="good">{devicesSection.here}</Badge>}
        </p>
        <p className="text-sm text-ink-soft">
          <span>
            {login.current
              ? devicesSection.activeNow
              : devicesSection.lastActive(timeAgo(login.last_used_at, now))}
          </span>
          <span aria-hidden> · </span>
          <span>{devicesSection.since(formatShortDay(login.signed_in_at, timeZone))}</span>
        </p>
      </div>
      {!login.current && (
        <Button
          variant="secondary"
          size="sm"
          pending={isPending}
          onClick={onSignOut}
          aria-label={devicesSection.signOutOf(nameOf(login))}
        >
          {devicesSection.signOut}
        </Button>
      )}
    </li>
  );
}

function nameOf({ browser, system }: OwnLogin): string {
  if (browser && system) return deviceName.both(browser, system);
  return browser ?? system ?? deviceName.script;
}

function iconOf({ browser, system }: OwnLogin): LucideIcon {
  if (system === null && browser === null) return Terminal;
  return system === "Android" || system === "iPhone" || system === "iPad" ? Smartphone : Laptop;
}
