import { useQuery } from "@tanstack/react-query";
import type { ComponentType } from "react";
import type { Me } from "#contract/accounts.ts";
import { accountPage } from "#words/accountPage.ts";
import { signInOptionsQuery } from "@/features/accounts/queries.ts";
import { RequireSignIn } from "@/features/accounts/RequireSignIn.tsx";
import { AccountNav } from "@/features/accounts/settings/AccountNav.tsx";
import type { AccountSectionId } from "@/features/accounts/settings/AccountSection.tsx";
import { AddressSection } from "@/features/accounts/settings/AddressSection.tsx";
import { DevicesSection } from "@/features/accounts/settings/DevicesSection.tsx";
import { GoogleSection } from "@/features/accounts/settings/GoogleSection.tsx";
import { PasskeysSection } from "@/features/accounts/settings/PasskeysSection.tsx";
import { PasswordSection } from "@/features/accounts/settings/PasswordSection.tsx";
import { ProfileSection } from "@/features/accounts/settings/ProfileSection.tsx";
import { TwoFactorSection } from "@/features/accounts/settings/TwoFactorSection.tsx";
import { CalendarsSection } from "@/features/calendarConnections/CalendarsSection.tsx";
import { CalendarFeedSection } from "@/features/calendarFeed/CalendarFeedSection.tsx";
import { NotificationsSection } from "@/features/notifications/settings/NotificationsSection.tsx";
import { DataSection } from "@/features/personalData/DataSection.tsx";
import { DeletionSection } from "@/features/personalData/DeletionSection.tsx";
import { PageHeading } from "@/ui/PageHeading.tsx";
import { PageLoading } from "@/ui/PageLoading.tsx";

/** The page in its order. A section is an `AccountSection`; its title is in `accountSections`. */
const sections: readonly { id: AccountSectionId; Section: ComponentType<{ me: Me }> }[] = [
  { id: "profile", Section: ProfileSection },
  { id: "address", Section: AddressSection },
  { id: "notifications", Section: NotificationsSection },
  { id: "password", Section: PasswordSection },
  { id: "passkeys", Section: PasskeysSection },
  { id: "twoFactor", Section: TwoFactorSection },
  { id: "google", Section: GoogleSection },
  { id: "devices", Section: DevicesSection },
  { id: "calendars", Section: CalendarsSection },
  { id: "calendar", Section: CalendarFeedSection },
  { id: "data", Section: DataSection },
  { id: "delete", Section: DeletionSection },
];

/** How the account is signed in to: not shown where another service keeps the accounts. */
const signInSections: ReadonlySet<AccountSectionId> = new Set([
  "address",
  "password",
  "passkeys",
  "twoFactor",
  "google",
  "devices",
]);

/** `/account`: a person's own settings, ways to sign in and data. */
export default function Account() {
  const { data: offered, isPending } = useQuery(signInOptionsQuery);
  const shown = sections.filter(({ id }) =>
    offered?.elsewhere ? !signInSections.has(id) : id !== "google" || offered?.google,
  );
  return (
    <RequireSignIn title={accountPage.title}>
      {(me) =>
        isPending ? (
          <PageLoading />
        ) : (
          <div className="page max-w-3xl space-y-6 py-10 sm:py-12 lg:max-w-5xl">
            <PageHeading title={accountPage.title} />
            <div className="grid gap-6 lg:grid-cols-[13rem_1fr] lg:gap-10">
              <AccountNav ids={shown.map(({ id }) => id)} />
              <div className="min-w-0 space-y-6">
                {shown.map(({ id, Section }) => (
                  <Section key={id} me={me} />
                ))}
              </div>
            </div>
          </div>
        )
      }
    </RequireSignIn>
  );
}
