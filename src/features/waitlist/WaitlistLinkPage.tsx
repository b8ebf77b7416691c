import { CircleCheck, Link2Off, ListMinus } from "lucide-react";
import { type ReactNode, useEffect, useRef, useState } from "react";
import { links } from "#words/links.ts";
import { waitlistLink } from "#words/waitlist.ts";
import { Link } from "@/lib/router/router.tsx";
import { waitlistPaths } from "@/lib/waitlistPaths.ts";
import { Alert } from "@/ui/Alert.tsx";
import { Button, buttonVariants } from "@/ui/Button.tsx";
import { Card } from "@/ui/Card.tsx";
import { PageHeading } from "@/ui/PageHeading.tsx";
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
    return <Frame Icon={CircleCheck} title={waitlistLink.ended} text={waitlistLink.endedText} isNews />;
  if (!link || follow.problem?.status === 404)
    return (
      <Frame
        Icon={Link2Off}
        title={waitlistLink.invalid}
        text={waitlistLink.invalidText}
        isNews={follow.problem !== null}
      />
    );
  const { token, action } = link;
  const words = waitlistLink[action];
  if (isDone) return <Frame Icon={CircleCheck} title={words.done} text={words.doneText} isNews />;
  return (
    <Frame Icon={ListMinus} title={words.title} text={words.text}>
      {follow.problem && <Alert tone="bad">{follow.problem.detail}</Alert>}
      <Button size="lg" pending={follow.isPending} onClick={() => void follow.run(token)}>
        {words.submit}
      </Button>
    </Frame>
  );
}

type FrameProps = {
  Icon: typeof Link2Off;
  title: string;
  text: string;
  /** It replaces what was there, with the focus. */
  isNews?: boolean;
  /** The way to one's sessions by default. */
  children?: ReactNode;
};

function Frame({ Icon, title, text, isNews = false, children }: FrameProps) {
  const content = useRef<HTMLDivElement>(null);
  // The button that had the focus is gone.
  useEffect(() => {
    if (isNews && document.activeElement === document.body) content.current?.querySelector("h1")?.focus();
  }, [isNews]);
  return (
    <div ref={content} className="page max-w-xl py-12 sm:py-16">
      <Card className="flex flex-col items-center gap-5 px-5 py-10 text-center sm:px-10">
        <span className="grid size-14 place-items-center rounded-[32%] bg-accent-soft text-accent-text">
          <Icon aria-hidden className="size-7" />
        </span>
        <PageHeading title={title} />
        <p className="text-ink-soft">{text}</p>
        {children ?? (
          <Link to={waitlistPaths.waiting()} className={buttonVariants({ variant: "secondary" })}>
            {links.sessions}
          </Link>
        )}
      </Card>
    </div>
  );
}
