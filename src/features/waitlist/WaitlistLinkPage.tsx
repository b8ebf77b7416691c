import { CircleCheck, Link2Off, ListMinus, type LucideIcon } from "lucide-react";
import { type ReactNode, useState } from "react";
import { links } from "#words/links.ts";
import { waitlistLink } from "#words/waitlist.ts";
import { Link } from "@/lib/router/router.tsx";
import { waitlistPaths } from "@/lib/waitlistPaths.ts";
import { Alert } from "@/ui/Alert.tsx";
import { Button, buttonVariants } from "@/ui/Button.tsx";
import { LinkNotice } from "@/ui/LinkNotice.tsx";
import { useAction } from "@/ui/useAction.ts";
import { followLink } from "./api.ts";
import { actionOfToken } from "./waitlistToken.ts";

/** Asks before it gives up a place or an offer: programs that check mails open links too. Needs no login. */
export function WaitlistLinkPage({ hash }: { hash: string }) {
  const [isDone, setIsDone] = useState(false);
  const link = actionOfToken(hash);
  const follow = useAction(
    async (token: string) => {
      await followLink(token);
      setIsDone(true);
    },
    { inPlace: true },
  );
  const code = follow.problem?.code;
  if (
    code === "waitlist_entry_not_found" ||
    code === "waitlist_offer_not_found" ||
    code === "waitlist_offer_closed"
  )
    return <Notice Icon={CircleCheck} title={waitlistLink.ended} text={waitlistLink.endedText} isNews />;
  if (!link || follow.problem?.status === 404)
    return (
      <Notice
        Icon={Link2Off}
        title={waitlistLink.invalid}
        text={waitlistLink.invalidText}
        isNews={follow.problem !== null}
      />
    );
  const { token, action } = link;
  const words = waitlistLink[action];
  if (isDone) return <Notice Icon={CircleCheck} title={words.done} text={words.doneText} isNews />;
  return (
    <Notice Icon={ListMinus} title={words.title} text={words.text}>
      {follow.problem && <Alert tone="bad">{follow.problem.detail}</Alert>}
      <Button size="lg" pending={follow.isPending} onClick={() => void follow.run(token)}>
        {words.submit}
      </Button>
    </Notice>
  );
}

type NoticeProps = {
  Icon: LucideIcon;
  title: string;
  text: string;
  isNews?: boolean;
  /** The way to one's sessions by default. */
  children?: ReactNode;
};

function Notice({ text, children, ...notice }: NoticeProps) {
  return (
    <LinkNotice {...notice}>
      <p className="text-ink-soft">{text}</p>
      {children ?? (
        <Link to={waitlistPaths.waiting()} className={buttonVariants({ variant: "secondary" })}>
          {links.sessions}
        </Link>
      )}
    </LinkNotice>
  );
}
