import { CalendarDays, ChevronDown, LayoutDashboard, LogOut, UserRoundCog, Wallet } from "lucide-react";
import type { Me } from "#contract/accounts.ts";
import { accountPage } from "#words/accountPage.ts";
import { accountMenu } from "#words/accounts.ts";
import { layout } from "#words/layout.ts";
import { workspace } from "#words/workspace.ts";
import { useLogin } from "@/features/accounts/useLogin.ts";
import { firstName } from "@/lib/names.ts";
import { paths } from "@/lib/paths.ts";
import { navigate } from "@/lib/router/location.ts";
import { Link } from "@/lib/router/router.tsx";
import { toast } from "@/lib/toast.ts";
import { Avatar } from "@/ui/Avatar.tsx";
import { useDisclosure } from "@/ui/useDisclosure.ts";

const item =
  "tap flex w-full items-center gap-3 rounded-lg px-3 py-2 text-left font-medium transition-colors hover:bg-sunken";

export function AccountMenu({ me }: { me: Me }) {
  const { open, close, panelId, frame, button } = useDisclosure();
  const { signOut } = useLogin();

  const leave = async () => {
    try {
      await signOut();
      navigate(paths.home());
      toast.success(accountMenu.signedOut);
    } catch {
      toast.error(accountMenu.signOutFailed);
    }
  };

  return (
    <div className="relative" {...frame}>
      <button
        {...button}
        aria-label={accountMenu.label(firstName(me.name))}
        className="tap flex items-center gap-2 rounded-control py-1 pr-2 pl-1 font-semibold transition-colors hover:bg-sunken"
      >
        <Avatar name={me.name} className="size-9 text-sm" />
        <span className="max-w-28 truncate max-sm:sr-only">
          <bdi>{firstName(me.name)}</bdi>
        </span>
        <ChevronDown aria-hidden className="size-4 text-ink-soft" />
      </button>
      {open && <div aria-hidden className="fixed inset-0 z-20" onClick={close} />}
      <div
        id={panelId}
        hidden={!open}
        className="absolute right-0 z-30 mt-2 w-64 rounded-card border border-line bg-surface p-2 shadow-lift motion-safe:animate-rise"
      >
        <p className="truncate px-3 pt-1 pb-2 text-sm text-ink-soft">{me.email}</p>
        <Link to={paths.sessions()} className={item}>
          <CalendarDays aria-hidden className="size-5 text-ink-soft" /> {accountMenu.sessions}
        </Link>
        <Link to={paths.payments()} className={item}>
          <Wallet aria-hidden className="size-5 text-ink-soft" /> {accountMenu.payments}
        </Link>
        <Link to={me.mentor ? paths.mentorWorkspace() : paths.mentorStart()} className={item}>
          <LayoutDashboard aria-hidden className="size-5 text-ink-soft" />
          {me.mentor ? workspace.title : layout.becomeMentor}
        </Link>
        <Link to={paths.account()} className={item}>
          <UserRoundCog aria-hidden className="size-5 text-ink-soft" /> {accountPage.menu}
        </Link>
        <button type="button" onClick={leave} className={item}>
          <LogOut aria-hidden className="size-5 text-ink-soft" /> {accountMenu.signOut}
        </button>
      </div>
    </div>
  );
}
