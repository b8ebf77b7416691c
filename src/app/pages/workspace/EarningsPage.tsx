import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { Wallet } from "lucide-react";
import type { Me } from "#contract/accounts.ts";
import type { Earnings } from "#contract/earnings.ts";
import type { MentorProfile } from "#contract/mentors.ts";
import { earningsPage } from "#words/earnings.ts";
import { defaultLocale } from "#words/language.ts";
import { WorkspacePage } from "@/app/layout/WorkspacePage.tsx";
import { OpenedDocument } from "@/features/documents/OpenedDocument.tsx";
import { TaxCard } from "@/features/documents/TaxCard.tsx";
import { EarningsSummary } from "@/features/earnings/EarningsSummary.tsx";
import { Months } from "@/features/earnings/Months.tsx";
import { PayoutAccountCard } from "@/features/earnings/PayoutAccountCard.tsx";
import { Payouts } from "@/features/earnings/Payouts.tsx";
import { earningsQuery, statementQuery } from "@/features/earnings/queries.ts";
import { Releases } from "@/features/earnings/Releases.tsx";
import { Statement } from "@/features/earnings/Statement.tsx";
import { EmptyState } from "@/ui/EmptyState.tsx";
import { ProblemState } from "@/ui/ProblemState.tsx";
import { Skeleton } from "@/ui/Skeleton.tsx";
import { TimeZoneNote } from "@/ui/TimeZoneNote.tsx";

/** What a mentor has earned, what is coming, and where it goes. */
export default function EarningsPage({ me, profile }: { me: Me; profile: MentorProfile }) {
  const earnings = useQuery(earningsQuery(me.id));
  const fee = earnings.data?.fee_percent;
  const lead =
    fee === undefined
      ? undefined
      : earningsPage.lead(
          new Intl.NumberFormat(defaultLocale, { style: "percent", maximumFractionDigits: 2 }).format(
            fee / 100,
          ),
        );
  return (
    <WorkspacePage
      title={earningsPage.title}
      lead={
        <>
          {lead} <TimeZoneNote timeZone={profile.timezone} />
        </>
      }
    >
      <OpenedDocument userId={me.id} timeZone={profile.timezone} />
      {earnings.data ? (
        <Loaded me={me} timeZone={profile.timezone} earnings={earnings.data} />
      ) : earnings.isError ? (
        <ProblemState title={earningsPage.failed} error={earnings.error} onRetry={earnings.refetch} />
      ) : (
        <div role="status" className="space-y-6">
          <span className="sr-only">{earningsPage.loading}</span>
          <Skeleton className="h-28 w-full" />
          <Skeleton className="h-24 w-full" />
          <Skeleton className="h-64 w-full" />
        </div>
      )}
    </WorkspacePage>
  );
}

function Loaded({ me, timeZone, earnings }: { me: Me; timeZone: string; earnings: Earnings }) {
  const statement = useInfiniteQuery(statementQuery(me.id));
  const isEmpty = statement.data?.pages[0]?.data.length === 0;
  return (
    <div className="grid gap-10">
      <div className="grid gap-4">
        {!isEmpty && <EarningsSummary earnings={earnings} />}
        <PayoutAccountCard me={me} timeZone={timeZone} />
      </div>
      {isEmpty ? (
        <EmptyState Icon={Wallet} title={earningsPage.none}>
          <p>{earningsPage.whenEarned}</p>
        </EmptyState>
      ) : (
        <>
          <Months earnings={earnings} />
          <div className="grid gap-10 lg:grid-cols-2">
            <Releases earnings={earnings} timeZone={timeZone} />
            <Payouts userId={me.id} timeZone={timeZone} />
          </div>
          <Statement userId={me.id} timeZone={timeZone} />
        </>
      )}
      <TaxCard userId={me.id} />
    </div>
  );
}
