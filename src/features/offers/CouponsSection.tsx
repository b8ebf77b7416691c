import { useQuery } from "@tanstack/react-query";
import { TicketPercent } from "lucide-react";
import type { MentorProfile } from "#contract/mentors.ts";
import { couponList } from "#words/coupons.ts";
import { EmptyState } from "@/ui/EmptyState.tsx";
import { ProblemState } from "@/ui/ProblemState.tsx";
import { SectionHeading } from "@/ui/SectionHeading.tsx";
import { Skeleton } from "@/ui/Skeleton.tsx";
import { couponsQuery } from "./queries.ts";

/** The mentor's coupons. */
export function CouponsSection({ profile }: { profile: MentorProfile }) {
  const coupons = useQuery(couponsQuery(profile.id));
  return (
    <section aria-labelledby="coupons">
      <SectionHeading id="coupons" title={couponList.title} count={coupons.data?.length ?? 0} />
      {coupons.data ? (
        coupons.data.length === 0 ? (
          <EmptyState Icon={TicketPercent} title={couponList.none} level={3}>
            <p>{couponList.whatFor}</p>
          </EmptyState>
        ) : (
          <ul>
            {coupons.data.map(({ id, code }) => (
              <li key={id}>{code}</li>
            ))}
          </ul>
        )
      ) : coupons.isError ? (
        <ProblemState title={couponList.failed} error={coupons.error} onRetry={coupons.refetch} />
      ) : (
        <div role="status">
          <span className="sr-only">{couponList.loading}</span>
          <Skeleton className="h-32 w-full" />
        </div>
      )}
    </section>
  );
}
