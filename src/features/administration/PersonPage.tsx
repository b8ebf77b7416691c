import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import type { AdminPerson } from "#contract/administration.ts";
import { admin, adminPeople } from "#words/administration.ts";
import { adminPaths } from "@/lib/adminPaths.ts";
import { paths } from "@/lib/paths.ts";
import { adminKeys } from "@/lib/queryKeys.ts";
import { Link } from "@/lib/router/router.tsx";
import { formatDayAndTime } from "@/lib/time.ts";
import { toast } from "@/lib/toast.ts";
import { useViewerTimeZone } from "@/lib/zones/viewerTimeZone.ts";
import { Button, buttonVariants } from "@/ui/Button.tsx";
import { Card } from "@/ui/Card.tsx";
import { PageLoading } from "@/ui/PageLoading.tsx";
import { ProblemState } from "@/ui/ProblemState.tsx";
import { useAction } from "@/ui/useAction.ts";
import { PersonBadges } from "./PeoplePage.tsx";
import { act, personQuery, setVerified } from "./queries.ts";
import { ReasonedDialog } from "./ReasonedDialog.tsx";

export function PersonPage({ id }: { id: string }) {
  const { data: person, error, refetch } = useQuery(personQuery(id));
  if (person) return <Person person={person} />;
  return error ? <ProblemState title={admin.failed} error={error} onRetry={refetch} /> : <PageLoading />;
}

function Person({ person }: { person: AdminPerson }) {
  const [asking, setAsking] = useState<"suspend" | "lift" | null>(null);
  const queryClient = useQueryClient();
  const refresh = () => queryClient.invalidateQueries({ queryKey: adminKeys.all });
  const verify = useAction(async () => {
    await setVerified(person.id, !person.verified);
    toast.success(person.verified ? adminPeople.unverifyDone : adminPeople.verifyDone);
    await refresh();
  });
  return (
    <Card className="space-y-5 p-4 sm:p-6">
      <div className="flex flex-wrap items-center gap-3">
        <h2 className="text-heading">
          <bdi>{person.name || person.email}</bdi>
        </h2>
        <PersonBadges person={person} />
      </div>
      <Facts person={person} />
      <div className="flex flex-wrap gap-3">
        {person.username && person.closed !== "deleted" && (
          <Button variant="secondary" pending={verify.isPending} onClick={() => verify.run()}>
            {person.verified ? adminPeople.unverify : adminPeople.verify}
          </Button>
        )}
        {person.username && !person.closed && (
          <Link to={paths.mentor(person.username)} className={buttonVariants({ variant: "secondary" })}>
            {adminPeople.publicPage}
          </Link>
        )}
        <Link to={adminPaths.logOf(person.id)} className={buttonVariants({ variant: "secondary" })}>
          {adminPeople.logOf}
        </Link>
        {!person.closed && !person.is_administrator && (
          <Button variant="danger" onClick={() => setAsking("suspend")}>
            {adminPeople.suspend}
          </Button>
        )}
        {person.closed === "suspended" && (
          <Button variant="secondary" onClick={() => setAsking("lift")}>
            {adminPeople.lift}
          </Button>
        )}
      </div>
      {asking && (
        <ReasonedDialog
          title={adminPeople[`${asking}Title`](person.name)}
          text={adminPeople[`${asking}Text`]}
          confirmLabel={adminPeople[`${asking}Confirm`]}
          onClose={() => setAsking(null)}
          onConfirm={async (reason) => {
            await act(`people/${person.id}/${asking}`, { reason });
            toast.success(adminPeople[`${asking}Done`]);
            await refresh();
          }}
        />
      )}
    </Card>
  );
}

function Facts({ person }: { person: AdminPerson }) {
  const timeZone = useViewerTimeZone();
  const { facts, yes, no, never, devices } = adminPeople;
  const time = (instant: string) => formatDayAndTime(instant, timeZone);
  const rows: [string, string | null][] = [
    [facts.email, person.email],
    [facts.confirmed, person.email_confirmed ? yes : no],
    [facts.twoFactor, person.two_factor ? yes : no],
    [facts.joined, time(person.created_at)],
    [
      facts.lastActive,
      person.last_active_at ? `${time(person.last_active_at)} · ${devices(person.logins)}` : never,
    ],
    [facts.upcoming, String(person.upcoming)],
    [facts.past, String(person.past)],
    [facts.closedSince, person.closed_since && time(person.closed_since)],
    [facts.closedReason, person.closed_reason],
    [facts.deletion, person.deletion_step],
  ];
  return (
    <dl className="grid gap-x-6 gap-y-2 sm:grid-cols-[auto_1fr]">
      {rows.map(
        ([name, value]) =>
          value !== null && (
            <div key={name} className="contents">
              <dt className="text-ink-soft">{name}</dt>
              <dd className="mb-2 break-words sm:mb-0">{value}</dd>
            </div>
          ),
      )}
    </dl>
  );
}
