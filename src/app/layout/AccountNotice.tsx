import type { Me } from "#contract/accounts.ts";
import { UnconfirmedNotice } from "@/features/accounts/codes/UnconfirmedNotice.tsx";
import { UnreachableNotice } from "@/features/notifications/UnreachableNotice.tsx";
import { patterns } from "@/lib/paths.ts";
import { matchPath } from "@/lib/router/matchPath.ts";

/** What concerns the whole account, one thing at a time. Not where people book: a session matters more. */
export default function AccountNotice({ me, pathname }: { me: Me; pathname: string }) {
  if (matchPath(patterns.mentor, pathname) || pathname === patterns.bookingSuccess) return null;
  return me.email_reachable ? <UnconfirmedNotice me={me} /> : <UnreachableNotice />;
}
