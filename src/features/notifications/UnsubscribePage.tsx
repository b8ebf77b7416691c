import { Link2Off, MailCheck, MailMinus } from "lucide-react";
import { type ReactNode, useEffect, useRef, useState } from "react";
import type { Topic } from "#rules/topics.ts";
import { invalidUnsubscribe, unsubscribe } from "#words/unsubscribe.ts";
import { paths } from "@/lib/paths.ts";
import { Link } from "@/lib/router/router.tsx";
import { Alert } from "@/ui/Alert.tsx";
import { Button, buttonVariants } from "@/ui/Button.tsx";
import { Card } from "@/ui/Card.tsx";
import { PageHeading } from "@/ui/PageHeading.tsx";
import { useAction } from "@/ui/useAction.ts";
import { endMails } from "./api.ts";
import { topicOfToken } from "./unsubscribeToken.ts";

/** Asks before it ends the mails of a topic. Needs no login: the link is the person’s own. */
export function UnsubscribePage({ token }: { token: string }) {
  const [isDone, setIsDone] = useState(false);
  const end = useAction(
    async () => {
      await endMails(token);
      setIsDone(true);
    },
    { inPlace: true },
  );
  const topic = topicOfToken(token);
  if (!topic || end.problem?.status === 404) return <Invalid isNews={end.problem !== null} />;
  if (isDone) return <Done topic={topic} />;
  return (
    <Frame Icon={MailMinus} title={unsubscribe.ask(topic)}>
      <p className="text-ink-soft">{unsubscribe.consequence}</p>
      {end.problem && <Alert tone="bad">{end.problem.detail}</Alert>}
      <Button size="lg" pending={end.isPending} onClick={() => end.run()}>
        {unsubscribe.confirm}
      </Button>
    </Frame>
  );
}

function Done({ topic }: { topic: Topic }) {
  return (
    <Frame Icon={MailCheck} title={unsubscribe.done(topic)} isNews>
      <p className="text-ink-soft">{unsubscribe.changedYourMind}</p>
      <ToSettings />
    </Frame>
  );
}

function Invalid({ isNews }: { isNews: boolean }) {
  return (
    <Frame Icon={Link2Off} title={invalidUnsubscribe.title} isNews={isNews}>
      <p className="text-ink-soft">{invalidUnsubscribe.text}</p>
      <ToSettings />
    </Frame>
  );
}

function ToSettings() {
  return (
    <Link to={paths.account("notifications")} className={buttonVariants({ variant: "secondary" })}>
      {unsubscribe.settings}
    </Link>
  );
}

type FrameProps = {
  Icon: typeof MailMinus;
  title: string;
  /** It replaces what was there, with the focus. */
  isNews?: boolean;
  children: ReactNode;
};

function Frame({ Icon, title, isNews = false, children }: FrameProps) {
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
        {children}
      </Card>
    </div>
  );
}
