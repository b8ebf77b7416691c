import { MailWarning } from "lucide-react";
import { unreachable } from "#words/notificationSettings.ts";
import { paths } from "@/lib/paths.ts";
import { Link } from "@/lib/router/router.tsx";

/** A strip over the page, for a person whose mail server rejects our mail. */
export function UnreachableNotice() {
  return (
    <aside aria-label={unreachable.title} className="border-b border-accent bg-accent-soft">
      <div className="page flex flex-wrap items-center gap-x-4 gap-y-1 py-2 text-sm">
        <p className="flex min-w-0 items-center gap-2 font-semibold">
          <MailWarning aria-hidden className="size-5 shrink-0" />
          <span>{unreachable.title}</span>
        </p>
        <Link
          to={paths.account("notifications")}
          className="tap inline-flex items-center font-semibold text-primary-text underline decoration-1 underline-offset-4 hover:decoration-2"
        >
          {unreachable.action}
        </Link>
      </div>
    </aside>
  );
}
