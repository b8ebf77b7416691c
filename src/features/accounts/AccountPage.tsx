import type { ReactNode } from "react";
import { Navigate, useLocation, useSearchParams } from "react-router";
import { safeNext } from "@/lib/paths.ts";
import { Alert } from "@/ui/Alert.tsx";
import { Card } from "@/ui/Card.tsx";
import { PageHeading } from "@/ui/PageHeading.tsx";
import { useMe } from "./me.ts";

/** The frame of sign-in and sign-up: says when a started booking is waiting, and goes on once somebody is here. */
export function AccountPage({
  title,
  lead,
  children,
}: {
  title: string;
  lead: ReactNode;
  children: ReactNode;
}) {
  const [search] = useSearchParams();
  const location = useLocation();
  const { data: me } = useMe();
  const next = safeNext(search.get("next"));
  const isBooking = next.includes("book=");
  // The state belongs to the page that sent here: a booking keeps count of its history in it.
  if (me) return <Navigate to={next} replace state={location.state} />;
  return (
    <div className="page max-w-lg py-10 sm:py-16">
      <PageHeading title={title} />
      <p className="mt-2 text-ink-soft">{lead}</p>
      {isBooking && (
        <Alert className="mt-6" announce={false}>
          Your booking is kept: you come straight back to it, with everything filled in.
        </Alert>
      )}
      <Card className="mt-6 p-5 sm:p-8">{children}</Card>
    </div>
  );
}
