import {
  CalendarDays,
  Clock3,
  IdCard,
  Layers,
  Star,
  TicketPercent,
  UserRound,
  UsersRound,
  Wallet,
} from "lucide-react";
import { useEffect, useRef } from "react";
import { workspace, workspaceSections } from "#words/workspace.ts";
import { usePendingReplyCount } from "@/features/bookings/mentor/usePendingReplyCount.ts";
import { cn } from "@/lib/classNames.ts";
import { type MentorSection, paths } from "@/lib/paths.ts";
import { Link, useLocation } from "@/lib/router/router.tsx";

const sections = [
  { section: "sessions", Icon: CalendarDays },
  { section: "groups", Icon: UsersRound },
  { section: "students", Icon: UserRound },
  { section: "hours", Icon: Clock3 },
  { section: "services", Icon: Layers },
  { section: "offers", Icon: TicketPercent },
  { section: "earnings", Icon: Wallet },
  { section: "reviews", Icon: Star },
  { section: "profile", Icon: IdCard },
] as const satisfies { section: MentorSection; Icon: typeof Clock3 }[];

/** Tabs as links: every section has its own address. */
export function WorkspaceNav({ userId }: { userId: string }) {
  const { pathname } = useLocation();
  const requests = usePendingReplyCount(userId);
  const nav = useRef<HTMLElement>(null);
  const shown = sectionOf(pathname);
  // On a phone the tabs scroll, and the current one may be out of sight.
  useEffect(() => {
    const show = () => {
      const { current: frame } = nav;
      const link = shown && frame?.querySelector<HTMLElement>("[aria-current]");
      if (frame && link) frame.scrollLeft = link.offsetLeft - (frame.clientWidth - link.offsetWidth) / 2;
    };
    show();
    window.addEventListener("resize", show);
    return () => window.removeEventListener("resize", show);
  }, [shown]);
  return (
    <nav
      ref={nav}
      aria-label={workspace.title}
      className="-mx-4 overflow-x-auto overflow-y-hidden relative border-b border-line pb-px [scrollbar-width:none] sm:mx-0 sm:overflow-visible sm:pb-0"
    >
      <ul className="-mb-px flex max-sm:w-max max-sm:min-w-full max-sm:px-1 xl:gap-1">
        {sections.map(({ section, Icon }) => {
          const current = shown === section;
          return (
            <li key={section} className="flex-auto lg:flex-none">
              <Link
                to={paths.mentorWorkspace(section)}
                aria-current={current ? "page" : undefined}
                className={cn(
                  "relative flex min-h-14 flex-col items-center justify-center gap-0.5 rounded-t-lg border-b-3 px-1.5 text-[0.6875rem] font-semibold tracking-tighter transition-colors hover:bg-sunken sm:text-sm sm:tracking-normal lg:min-h-12 lg:flex-row lg:gap-1.5 lg:px-2 lg:text-[0.9375rem] xl:gap-2 xl:px-2.5 xl:text-base",
                  current ? "border-primary text-ink" : "border-transparent text-ink-soft hover:text-ink",
                )}
              >
                <Icon aria-hidden className="size-5" />
                {workspaceSections[section]}
                {section === "sessions" && requests > 0 && (
                  <span className="absolute top-1 left-[calc(50%+0.5rem)] grid h-5 min-w-5 place-items-center rounded-full bg-primary px-1.5 text-xs font-bold text-on-primary tabular-nums lg:static">
                    <span className="sr-only"> {workspace.requests(requests)}</span>
                    <span aria-hidden>{requests}</span>
                  </span>
                )}
              </Link>
            </li>
          );
        })}
      </ul>
    </nav>
  );
}

/** The workspace's own address shows the sessions too, and requests belong to them. */
function sectionOf(pathname: string): string {
  const name = pathname.split("/")[2];
  return !name || name === "requests" ? "sessions" : name;
}
