import { Link2Off, MailCheck, MailMinus } from "lucide-react";
import { useState } from "react";
import type { Topic } from "#rules/topics.ts";
import { invalidUnsubscribe, unsubscribe } from "#words/unsubscribe.ts";
import { paths } from "@/lib/paths.ts";
import { Link } from "@/lib/router/router.tsx";
import { Alert } from "@/ui/Alert.tsx";
import { Button, buttonVariants } from "@/ui/Button.tsx";
import { LinkNotice } from "@/ui/LinkNotice.tsx";
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
    <LinkNotice Icon={MailMinus} title={unsubscribe.ask(topic)}>
      <p className="text-ink-soft">{unsubscribe.consequence}</p>
      {end.problem && <Alert tone="bad">{end.problem.detail}</Alert>}
      <Button size="lg" pending={end.isPending} onClick={() => end.run()}>
        {unsubscribe.confirm}
      </Button>
    </LinkNotice>
  );
}

function Done({ topic }: { topic: Topic }) {
  return (
    <LinkNotice Icon={MailCheck} title={unsubscribe.done(topic)} isNews>
      <p className="text-ink-soft">{unsubscribe.changedYourMind}</p>
      <ToSettings />
    </LinkNotice>
  );
}

function Invalid({ isNews }: { isNews: boolean }) {
  return (
    <LinkNotice Icon={Link2Off} title={invalidUnsubscribe.title} isNews={isNews}>
      <p className="text-ink-soft">{invalidUnsubscribe.text}</p>
      <ToSettings />
    </LinkNotice>
  );
}

function ToSettings() {
  return (
    <Link to={paths.account("notifications")} className={buttonVariants({ variant: "secondary" })}>
      {unsubscribe.settings}
    </Link>
  );
}
