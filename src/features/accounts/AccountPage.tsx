import type { ReactNode } from "react";
import { bookingSaved } from "#words/accounts.ts";
import { safeNext } from "@/lib/paths.ts";
import { Navigate, useLocation, useSearchParams } from "@/lib/router/router.tsx";
import { Alert } from "@/ui/Alert.tsx";
import { Card } from "@/ui/Card.tsx";
import { PageHeading } from "@/ui/PageHeading.tsx";
import { useMe } from "./me.ts";

/** The frame of the sign-in and sign-up pages; redirects once a person is signed in. */
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
  // The state is that of the page to return to: a booking counts its history entries in it.
  if (me) return <Navigate to={next} replace state={location.state} />;
  return (
    <div className="page max-w-lg py-10 sm:py-16">
      <PageHeading title={title} />
      <p className="mt-2 text-ink-soft">{lead}</p>
      {isBooking && (
        <Alert className="mt-6" announce={false}>
          {bookingSaved}
        </Alert>
      )}
      <Card className="mt-6 p-5 sm:p-8">{children}</Card>
    </div>
  );
}
