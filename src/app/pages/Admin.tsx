import { useQuery } from "@tanstack/react-query";
import { ShieldCheck } from "lucide-react";
import type { ComponentType } from "react";
import type { Me } from "#contract/accounts.ts";
import type { AdministratorState } from "#contract/administration.ts";
import { admin } from "#words/administration.ts";
import { RequireSignIn } from "@/features/accounts/RequireSignIn.tsx";
import { JobsPage } from "@/features/administration/JobsPage.tsx";
import { LogPage } from "@/features/administration/LogPage.tsx";
import { MailPage } from "@/features/administration/MailPage.tsx";
import { MoneyAlarm } from "@/features/administration/MoneyAlarm.tsx";
import { MoneyPage } from "@/features/administration/MoneyPage.tsx";
import { paymentPattern } from "@/features/administration/moneyQueries.ts";
import { PaymentPage } from "@/features/administration/PaymentPage.tsx";
import { PayoutsPage } from "@/features/administration/PayoutsPage.tsx";
import { PeoplePage } from "@/features/administration/PeoplePage.tsx";
import { PersonPage } from "@/features/administration/PersonPage.tsx";
import { stateQuery } from "@/features/administration/queries.ts";
import { personPattern } from "@/lib/adminPaths.ts";
import { cn } from "@/lib/classNames.ts";
import { paths } from "@/lib/paths.ts";
import { Link, Routes, useLocation, useParams } from "@/lib/router/router.tsx";
import { buttonVariants } from "@/ui/Button.tsx";
import { EmptyState } from "@/ui/EmptyState.tsx";
import { PageHeading } from "@/ui/PageHeading.tsx";
import { PageLoading } from "@/ui/PageLoading.tsx";
import NotFound from "./NotFound.tsx";

/** The console's pages; a new one is a line here and its title in the catalogue. */
const pages: readonly { page: keyof typeof admin.pages; Page: ComponentType<{ me: Me }> }[] = [
  { page: "people", Page: PeoplePage },
  { page: "money", Page: MoneyPage },
  { page: "payouts", Page: PayoutsPage },
  { page: "mail", Page: MailPage },
  { page: "jobs", Page: JobsPage },
  { page: "log", Page: LogPage },
];

/** `/admin`: for administrators only. */
export default function Admin() {
  return <RequireSignIn title={admin.title}>{(me) => <Gate me={me} />}</RequireSignIn>;
}

function Gate({ me }: { me: Me }) {
  const { data, isPending } = useQuery(stateQuery);
  if (isPending) return <PageLoading />;
  if (!data) return <NotFound />;
  return data.state === "ready" ? <Console me={me} /> : <Missing state={data.state} />;
}

function Missing({ state }: { state: Exclude<AdministratorState["state"], "ready"> }) {
  const isFactor = state === "needs_two_factor";
  return (
    <div className="page max-w-2xl space-y-8 py-12">
      <PageHeading title={admin.title} />
      <EmptyState Icon={ShieldCheck} title={isFactor ? admin.needsTwoFactor : admin.needsLogin}>
        <p>{isFactor ? admin.needsTwoFactorText : admin.needsLoginText}</p>
        <Link to={paths.account()} className={buttonVariants()}>
          {admin.toAccount}
        </Link>
      </EmptyState>
    </div>
  );
}

function Console({ me }: { me: Me }) {
  const { pathname } = useLocation();
  const current = pathname.split("/")[2] || "people";
  return (
    <div className="page max-w-5xl py-10">
      <PageHeading title={admin.title} />
      <nav aria-label={admin.title} className="mt-4 mb-8 border-b border-line">
        <ul className="-mb-px flex flex-wrap gap-x-2">
          {pages.map(({ page }) => (
            <li key={page}>
              <Link
                to={paths.admin(page)}
                aria-current={current === page ? "page" : undefined}
                className={cn(
                  "tap flex min-h-12 items-center border-b-3 px-3 font-semibold",
                  current === page
                    ? "border-primary text-ink"
                    : "border-transparent text-ink-soft hover:text-ink",
                )}
              >
                {admin.pages[page]}
              </Link>
            </li>
          ))}
        </ul>
      </nav>
      <MoneyAlarm isOnMoney={current === "money"} />
      <Routes
        routes={[
          { pattern: paths.admin(), element: <PeoplePage /> },
          { pattern: personPattern, element: <ShownPerson /> },
          { pattern: paymentPattern, element: <ShownPayment me={me} /> },
          ...pages.map(({ page, Page }) => ({ pattern: paths.admin(page), element: <Page me={me} /> })),
          { pattern: "*", element: <NotFound /> },
        ]}
      />
    </div>
  );
}

function ShownPerson() {
  const { personId = "" } = useParams();
  return <PersonPage key={personId} id={personId} />;
}

function ShownPayment({ me }: { me: Me }) {
  const { mentorId = "", paymentId = "" } = useParams();
  return <PaymentPage key={paymentId} id={{ mentorId, paymentId }} me={me} />;
}
